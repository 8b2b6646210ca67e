import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { SOME_USERS } from '../../docker/lab/load.ts';
import { docker } from '../../docker/lab/parts.ts';
import { EDGE } from '../../docker/lab/proxies.ts';
import { until } from '../../docker/lab/until.ts';
import { type Color, type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import type { Load } from '../../load/index.ts';
import { assertUnnoticed, COMPOSE, configWith, makingsOf, tellUsers, versionsOf, withoutIds } from './kit.ts';

// What stays on the host besides the live color, and what becomes of it when HAProxy or the host starts again.
// Each test begins where the one before ended.

/** Without those whom every drain waits for to its end: the other files have them. */
const USERS = { ...SOME_USERS, webSockets: { connections: 0, everyMs: 100 } };

describe('a host with HAProxy', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let users: Load;
  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      compose: COMPOSE,
      images: { v3: {}, v4: {}, sick: { EXIT_AT_START: '7' } },
      config: { stabilize: { for: '500ms', interval: '250ms' }, retire: { drain: '1500ms' } },
    });
    await deploy('v1', 'green');
    users = await world.startUsers(USERS);
  });
  after(() => world?.[Symbol.asyncDispose]());

  async function deploy(
    tag: string,
    color: Color,
    additions: Readonly<Record<string, unknown>> = {},
    inputs: Readonly<Record<string, string>> = {},
  ) {
    const run = await world.act({ 'image-tag': tag, config: configWith(world, additions), ...inputs });
    assert.deepEqual(
      [run.exitCode, run.outputs['result'], run.outputs['live-color']],
      [0, 'deployed', color],
      run.log,
    );
    assert.deepEqual(await versionsOf(world, color), [tag, tag]);
    return run;
  }

  async function rollBack(color: Color, version: string) {
    const run = await world.act({ operation: 'rollback' });
    assert.deepEqual(
      [run.exitCode, run.outputs['result'], run.outputs['live-color']],
      [0, 'rolled-back', color],
      run.log,
    );
    assert.equal((await world.answer()).version, version);
    await world.assertClean(color);
  }

  const statesOf = async (color: Color) =>
    (await world.containers(color)).map(({ service, state }) => `${service} ${state}`);
  const startsOf = async (color: Color) =>
    (await world.engine.inspectAll((await world.containers(color)).map(({ id }) => id))).map(
      ({ State }) => State.StartedAt,
    );

  test('retire.keep: 1 of the old color goes on, and a rollback takes it and starts the other', async () => {
    await deploy('v2', 'blue', { retire: { drain: '1500ms', keep: 1 } });
    const kept = await statesOf('green');
    assert.deepEqual(kept.toSorted(), ['web exited', 'web running', 'worker running']);
    const former = await makingsOf(world, 'green');
    const starts = await startsOf('green');
    await rollBack('green', 'v1');
    assert.deepEqual(await makingsOf(world, 'green'), former, 'the very same containers');
    const again = await startsOf('green');
    assert.deepEqual(
      again.map((at, index) => at === starts[index]),
      kept.map((state) => state.endsWith('running')),
      'only what was stopped was started',
    );
    assertUnnoticed(users);
  });

  test('retire.keep: all of the old color goes on, a refused release puts that back, and a rollback starts nothing', async () => {
    const keep = { retire: { drain: '1500ms', keep: 'all' } };
    await deploy('v3', 'blue', keep);
    const all = ['web running', 'web running', 'worker running'];
    assert.deepEqual(await statesOf('green'), all);
    const former = await makingsOf(world, 'green');
    const refused = await world.act({ 'image-tag': 'sick', config: configWith(world, keep) });
    assert.equal(refused.outputs['result'], 'failed', refused.log);
    assert.deepEqual(await statesOf('green'), all);
    assert.deepEqual(withoutIds(await makingsOf(world, 'green')), withoutIds(former));
    const [starts, made] = [await startsOf('green'), await makingsOf(world, 'green')];
    await rollBack('green', 'v1');
    assert.deepEqual([await startsOf('green'), await makingsOf(world, 'green')], [starts, made]);
    assertUnnoticed(users);
  });

  test('retire.prune: the images of the two colors stay, and those before them go', async () => {
    const images = async () =>
      (await world.engine.docker(['image', 'ls', '--format', '{{.Tag}}', world.image]))
        .split('\n')
        .toSorted();
    assert.ok((await images()).includes('v2'), 'until then nothing was removed');
    await deploy('v4', 'blue', { retire: { drain: '1500ms', prune: true } });
    const left = (await images()).filter((tag) => tag !== '<none>');
    assert.ok(
      left.every((tag) => ['v1', 'v4'].includes(tag)),
      left.join(),
    );
    await rollBack('green', 'v1');
    assertUnnoticed(users);
  });

  test('force deploys what is live already, and a rollback from it works', async () => {
    const unchanged = await world.act({ 'image-tag': 'v1' });
    assert.equal(unchanged.outputs['result'], 'unchanged', unchanged.log);
    const forced = await deploy('v1', 'blue', {}, { force: 'true' });
    assert.equal(forced.outputs['image'], forced.outputs['previous-image']);
    await rollBack('green', 'v1');
    assertUnnoticed(users);
  });

  test('status tells what is live, and changes nothing', async () => {
    const before = [await makingsOf(world, 'blue'), await makingsOf(world, 'green')];
    const run = await world.act({ operation: 'status' });
    assert.equal(run.exitCode, 0, run.log);
    assert.deepEqual([run.outputs['live-color'], run.outputs['idle-color']], ['green', 'blue']);
    assert.match(run.outputs['image'] ?? '', /:v1@sha256:/);
    assert.match(run.log, /green is live/);
    assert.deepEqual([await makingsOf(world, 'blue'), await makingsOf(world, 'green')], before);
    await world.assertClean('green');
    assertUnnoticed(users);
  });

  test('users noticed nothing of all this', async (t) => {
    tellUsers(t, await world.usersSaw());
  });

  test('HAProxy restarted, or reloaded: traffic stays on the live color', async () => {
    const { color } = await world.answer();
    assert.equal(color, 'green', 'not where it goes without a map');
    for (const again of [
      ['restart', EDGE],
      ['kill', '--signal', 'USR2', EDGE],
    ]) {
      const before = await workerOf(world);
      await world.engine.docker(again);
      await until(
        `another HAProxy after ${again[0]}`,
        async () => ![before, ''].includes(await workerOf(world)),
      );
      const answers = await Promise.all(Array.from({ length: 20 }, answered));
      assert.deepEqual(new Set(answers.map((answer) => answer.color)), new Set(['green']), again[0]);
    }
  });

  // After a reload: Docker takes its signal for a stop by hand, and `unless-stopped` would keep the proxy down.
  for (const how of ['power-cut', 'shutdown'] as const)
    test(`after a ${how} of the host the live color comes back, and only that`, async () => {
      const before = [await makingsOf(world, 'blue'), await makingsOf(world, 'green')];
      await world.engine.restart(how);
      const { color, version } = await answered();
      assert.deepEqual([color, version], ['green', 'v1']);
      await until('all of the live color', async () =>
        // Another service has the restart policy that the user gave it, which is none.
        (await statesOf('green')).every((state) => state === 'web running' || state.startsWith('worker')),
      );
      assert.ok(
        (await statesOf('blue')).every((state) => state.endsWith('exited')),
        (await statesOf('blue')).join(),
      );
      assert.deepEqual([await makingsOf(world, 'blue'), await makingsOf(world, 'green')], before);
    });

  test('then a deployment and a rollback go on as ever', async (t) => {
    await world.startUsers(USERS);
    await deploy('v4', 'blue');
    await rollBack('green', 'v1');
    tellUsers(t, await world.usersSaw());
  });

  /** What the app answers, as soon as it does. No connection stays: HAProxy waits for those, as it ends. */
  const answered = () => until('an answer of the app', () => world.answer().catch(() => undefined));
});

/** HAProxy's process that serves requests; empty while there is none. */
async function workerOf(world: DockerWorld): Promise<string> {
  const { socket } = JSON.parse(world.config).environments.production.docker.proxy.haproxy;
  const connection = connect(socket).setTimeout(5_000);
  connection.once('timeout', () => connection.destroy());
  connection.write('show info\n');
  const info = await text(connection).catch(() => '');
  // In another container it may have the same number again, and after a reload it tells the same time.
  return ['Pid', 'Start_time_sec']
    .map((name) => new RegExp(`^${name}: (.*)$`, 'm').exec(info)?.[1] ?? '')
    .join('');
}
