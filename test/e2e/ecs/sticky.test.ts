import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configWith, describe, forwardOf, stickyUsers, toBoth } from '../listeners.ts';
import { assertClean, startWorld, type World } from '../world.ts';

// Sticky sessions: users whose cookie AWSALBTG leads to the old color, also at weight 0, and is renewed by each answer
// there. Nobody's request may fail, everybody ends on the release that has the traffic, and the listener is as before.

const SECONDS = 4;
const stickiness = (seconds = SECONDS) => ({
  TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: seconds },
});
const quick = { stabilize: { for: '300ms', interval: '100ms' } };

async function hold(world: World, seconds = SECONDS): Promise<void> {
  await world.sandbox.call('ModifyListener', {
    ListenerArn: world.app.listener,
    DefaultActions: [toBoth(world, 'blue', 1, stickiness(seconds))],
  });
  await world.sandbox.elb.settled();
}

/** Both groups hold clients to a task: then AWS wants rules with both to hold them to a group. */
async function holdToTasks({ sandbox, app }: World): Promise<void> {
  for (const TargetGroupArn of Object.values(app.targetGroups))
    await sandbox.call('ModifyTargetGroupAttributes', {
      TargetGroupArn,
      Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }],
    });
}

const config = async (world: World) =>
  forwardOf(await describe(world, world.app.listener)).ForwardConfig!.TargetGroupStickinessConfig;

const records = ({ app }: World) =>
  app.service('blue').tags.filter(({ key }) => key?.startsWith('blue-green:stickiness'));

for (const mandatory of [false, true]) {
  test(`sticky users ${mandatory ? 'of sticky target groups ' : ''}move to the new color and back, without a failure`, async () => {
    await using world = await startWorld({ config: quick });
    await hold(world);
    if (mandatory) await holdToTasks(world);
    await using users = stickyUsers(world, 6);
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    assert.match(run.log, /until sticky sessions from before the switch have run out/);
    assert.deepEqual(await config(world), { Enabled: true, DurationSeconds: SECONDS });
    const back = await world.act({ operation: 'rollback' });
    assert.equal(back.outputs['result'], 'rolled-back', back.log);
    const seen = await users.stop();
    for (const versions of seen)
      assert.deepEqual(versions, ['v1', 'v2', 'v1'], 'there and back, never to and fro');
    assert.deepEqual(await config(world), { Enabled: true, DurationSeconds: SECONDS });
    assert.deepEqual(records(world), []);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });
}

test('a release that is taken back is taken from sticky users too', async () => {
  await using world = await startWorld({
    images: { broken: { env: { FAIL_PATH: '/checkout' } } },
    config: { stabilize: { for: '10s', interval: '250ms', probe: { path: '/checkout', timeout: '2s' } } },
  });
  await hold(world);
  await using users = stickyUsers(world, 4);
  const run = await world.act({ 'image-tag': 'broken' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
  for (const versions of await users.stop()) assert.equal(versions.at(-1), 'v1', versions.join());
  assert.deepEqual(await config(world), { Enabled: true, DurationSeconds: SECONDS });
  assert.deepEqual(records(world), []);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('killed while nobody is held: the next run puts stickiness back', async () => {
  await using world = await startWorld({ config: quick, images: { v3: {} } });
  await hold(world);
  await using users = stickyUsers(world, 4);
  let kill = () => {};
  world.sandbox.faults.add({ operation: 'ModifyListener', call: 1, kind: 'lost', before: () => kill() });
  const killed = await world.act(
    { 'image-tag': 'v2' },
    {
      onStart: (handle) => {
        kill = handle.kill;
      },
    },
  );
  assert.equal(killed.exitCode, null);
  assert.match(killed.postLog, /undo it/);
  assert.deepEqual(await config(world), { Enabled: true, DurationSeconds: SECONDS });
  assert.deepEqual(records(world), []);
  await users.stop();
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('one group becomes two where groups are sticky: as short as AWS lets it be, and said so', async () => {
  await using world = await startWorld({ app: { forward: 'single' }, config: quick });
  await holdToTasks(world);
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.match(run.log, /stickiness of 1 s/);
  assert.deepEqual(await config(world), { Enabled: true, DurationSeconds: 1 });
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('an hour of stickiness is refused with the key to change, unless it is forced', async () => {
  await using world = await startWorld({ load: false, config: quick });
  await hold(world, 3600);
  const run = await world.act({ 'image-tag': 'v2', config: configWith(world, {}) });
  assert.equal(run.exitCode, 1);
  assert.match(run.log, /holds clients to their target group for 3600 s/);
  assert.match(run.log, /DurationSeconds in the TargetGroupStickinessConfig.*900 or less.*force: true/s);
  assert.equal(world.app.service('green').desiredCount, 0);
});
