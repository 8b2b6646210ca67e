import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import type { Load } from '../../load/index.ts';
import type { ActionRun } from '../runner.ts';
import {
  assertUnnoticed,
  COMPOSE,
  configWith,
  makingsOf,
  sayTheSame,
  tellUsers,
  versionsOf,
  withoutIds,
} from './kit.ts';

// One host through its releases, with users of all kinds on it all the time. Each test begins where the one before ended.

describe('releases on HAProxy, under load', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let users: Load;
  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      compose: COMPOSE,
      images: { v3: {} },
      config: { retire: { drain: '4500ms' }, smoke: [{ path: '/health' }] },
    });
  });
  after(() => world?.[Symbol.asyncDispose]());

  /** With the digest that the registry told. */
  const imageOf = (tag: string) => new RegExp(`^${world.image}:${tag}@sha256:[0-9a-f]{64}$`);

  test('first deployment ever: nothing runs, and from then on users are answered', async () => {
    assert.equal((await fetch(world.url)).status, 503, 'nobody is there yet');
    const run = await world.act({ 'image-tag': 'v1' }, { env: { NOTE: 'one' } });
    assert.equal(run.exitCode, 0, run.log);
    assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['deployed', 'green']);
    assert.equal(run.outputs['previous-image'], '');
    const { version, color } = await world.answer();
    assert.deepEqual([version, color], ['v1', 'green']);
    await world.assertClean('green');
    const back = await world.act({ operation: 'rollback' });
    assert.deepEqual([back.exitCode, back.outputs['result']], [1, 'failed']);
    assert.match(back.report.error.message, /nothing on blue to go back to/);
    sayTheSame(back);
    users = await world.startUsers();
  });

  test('deploy: the new release is live, the old one parked as it was, and the outputs and the summary say so', async () => {
    const former = await makingsOf(world, 'green');
    const run = await world.act({ 'image-tag': 'v2', reason: 'release 2' }, { env: { NOTE: 'two' } });
    assert.equal(run.exitCode, 0, run.log);
    assert.deepEqual(
      ['result', 'live-color', 'idle-color'].map((name) => run.outputs[name]),
      ['deployed', 'blue', 'green'],
    );
    assert.match(run.outputs['image'] ?? '', imageOf('v2'));
    assert.match(run.outputs['previous-image'] ?? '', imageOf('v1'));
    assert.match(run.outputs['release'] ?? '', /^[0-9a-f]{12}$/);
    assert.match(run.outputs['duration-seconds'] ?? '', /^\d+(\.\d+)?$/);
    assert.match(run.summary, /v2/);
    assert.match(run.summary, /release 2/);
    assert.match(run.summary, /```mermaid\ngantt/);
    assert.deepEqual(await versionsOf(world, 'blue'), ['v2', 'v2'], 'as many as the config says');
    assert.deepEqual(await makingsOf(world, 'green'), former);
    await world.assertClean('blue');
    assert.deepEqual([run.postExitCode, run.postLog], [0, ''], 'nothing was left for the post step');
    assertUnnoticed(users);
  });

  test('what is live already is unchanged, and nothing is started for it', async () => {
    const before = [await makingsOf(world, 'blue'), await makingsOf(world, 'green')];
    const run = await world.act({ 'image-tag': 'v2' }, { env: { NOTE: 'two' } });
    assert.equal(run.exitCode, 0, run.log);
    assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['unchanged', 'blue']);
    assert.deepEqual([await makingsOf(world, 'blue'), await makingsOf(world, 'green')], before);
    await world.assertClean('blue');
    assertUnnoticed(users);
  });

  test('two deployments in a row come back to the first color', async () => {
    const run = await world.act({ 'image-tag': 'v3' }, { env: { NOTE: 'three' } });
    assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['deployed', 'green'], run.log);
    assert.deepEqual(await versionsOf(world, 'green'), ['v3', 'v3']);
    await world.assertClean('green');
    assertUnnoticed(users);
  });

  test('rollback needs no registry, and starts the very same containers', async () => {
    const [former, left] = [await makingsOf(world, 'blue'), await makingsOf(world, 'green')];
    await world.registry.stop();
    const back = await world.act({ operation: 'rollback', reason: 'checkout is broken' });
    assert.equal(back.exitCode, 0, back.log);
    assert.deepEqual([back.outputs['result'], back.outputs['live-color']], ['rolled-back', 'blue']);
    assert.match(back.outputs['image'] ?? '', imageOf('v2'));
    assert.match(back.outputs['previous-image'] ?? '', imageOf('v3'));
    assert.match(back.summary, /checkout is broken/);
    assert.deepEqual(await makingsOf(world, 'blue'), former);
    assert.deepEqual(await makingsOf(world, 'green'), left);
    assert.equal((await world.answer()).version, 'v2');
    await world.assertClean('blue');
    assertUnnoticed(users);
  });

  test('what was rolled back from is not gone back to without force', async () => {
    const again = await world.act({ operation: 'rollback' });
    assert.deepEqual(
      [again.exitCode, again.outputs['result'], again.outputs['live-color']],
      [1, 'failed', 'blue'],
    );
    assert.match(again.report.error.message, /was rolled back from/);
    assert.match(again.report.error.hint, /force: true/);
    sayTheSame(again);
    await world.assertClean('blue');

    const left = await makingsOf(world, 'green');
    const forced = await world.act({ operation: 'rollback', force: 'true' });
    assert.deepEqual([forced.exitCode, forced.outputs['live-color']], [0, 'green'], forced.log);
    assert.deepEqual(await makingsOf(world, 'green'), left);
    await world.assertClean('green');
    await world.registry.start();
    assertUnnoticed(users);
  });

  test('stage: users have the old release, whoever has the preview sees the new one, and abort drops it', async () => {
    const former = await makingsOf(world, 'blue');
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v1' });
    assert.equal(staged.exitCode, 0, staged.log);
    assert.deepEqual([staged.outputs['result'], staged.outputs['live-color']], ['staged', 'green']);
    const preview = await fetch(staged.outputs['preview-url'] ?? '');
    assert.equal(preview.headers.get('x-version'), 'v1');
    assert.equal((await world.answer()).version, 'v3');

    const status = await world.act({ operation: 'status' });
    assert.equal(status.exitCode, 0);
    assert.match(status.log, /green is live .*v1 is staged on blue/);

    const aborted = await world.act({ operation: 'abort' });
    assert.deepEqual([aborted.exitCode, aborted.outputs['result']], [0, 'aborted'], aborted.log);
    assert.deepEqual(withoutIds(await makingsOf(world, 'blue')), withoutIds(former));
    await world.assertClean('green');
    assertUnnoticed(users);
  });

  test('promote gives the users what was staged, in another run', async () => {
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v1' });
    assert.equal(staged.outputs['result'], 'staged', staged.log);
    const waiting = await makingsOf(world, 'blue');
    const promoted = await world.act({ operation: 'promote' });
    assert.deepEqual([promoted.exitCode, promoted.outputs['result']], [0, 'deployed'], promoted.log);
    assert.match(promoted.outputs['image'] ?? '', imageOf('v1'));
    assert.deepEqual(await makingsOf(world, 'blue'), waiting, 'they are what was looked at');
    await world.assertClean('blue');
    const again = await world.act({ operation: 'promote' });
    assert.equal(again.exitCode, 1);
    assert.match(again.report.error.message, /Nothing is staged/);
    assertUnnoticed(users);
  });

  test('of runs at the same time one goes, one says who holds the lock, and one that may wait does', async () => {
    const others: Promise<ActionRun>[] = [];
    const by = (actor: string, id: string) => ({ env: { GITHUB_ACTOR: actor, GITHUB_RUN_ID: id } });
    const first = await world.act(
      { 'image-tag': 'v2', reason: 'a fix' },
      {
        ...by('ann', '1'),
        onLine: (line) => {
          if (!/^::group::Look at the target/.test(line) || others.length > 0) return;
          const config = configWith(world, { lock: { wait: '60s' } });
          others.push(
            world.act({ 'image-tag': 'v3' }, by('bob', '2')),
            world.act({ 'image-tag': 'v3', config }, by('eve', '3')),
          );
        },
      },
    );
    assert.deepEqual(
      [first.outputs['result'], first.outputs['live-color']],
      ['deployed', 'green'],
      first.log,
    );
    const [refused, waited] = (await Promise.all(others)) as [ActionRun, ActionRun];
    assert.deepEqual([refused.exitCode, refused.outputs['result']], [1, 'failed'], refused.log);
    assert.equal(refused.report.error.code, 'lock-held');
    assert.match(refused.report.error.message, /deploy by ann \(\S+\/runs\/1\S*\) is under way here/);
    assert.match(refused.report.error.details.join('\n'), /reason: a fix/);
    assert.match(waited.log, /Waiting for deploy by ann/);
    assert.deepEqual(
      [waited.outputs['result'], waited.outputs['live-color']],
      ['deployed', 'blue'],
      waited.log,
    );
    assert.match(waited.outputs['previous-image'] ?? '', imageOf('v2'));
    await world.assertClean('blue');
    assertUnnoticed(users);
  });

  test('users noticed nothing of all this', async (t) => {
    const result = await world.usersSaw();
    for (const version of ['v1', 'v2', 'v3']) assert.ok((result.byVersion[version] ?? 0) > 0, version);
    assert.ok(result.slow.requests > 0 && result.webSocket.messages > 0);
    tellUsers(t, result);
  });
});
