import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SOME_USERS } from '../../docker/lab/load.ts';
import { docker } from '../../docker/lab/parts.ts';
import { type Change, type Tap, tapEngine } from '../../docker/lab/tap.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import { assertAnswers, rolledBack, underLoad } from './promises.ts';

// The machine of a run is lost at the one change that moves users: the flag file of the new color, which Caddy looks for
// at each request. (All other moments: killed.test.ts.)

describe('a switch of Caddy’s flag is cut off', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let tap: Tap;
  before(async () => {
    world = await startDockerWorld({
      proxy: 'caddy',
      images: { v3: {} },
      config: { stabilize: { for: '300ms', interval: '100ms' }, retire: { drain: '1500ms' } },
    });
    tap = await tapEngine(world.engine);
    for (const tag of ['v1', 'v2']) {
      const run = await world.act({ 'image-tag': tag });
      assert.equal(run.outputs['result'], 'deployed', run.log);
    }
  });
  after(async () => {
    await tap?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  // v2 is live on blue. What was released into nowhere is undone by the next run, which then has its own way.
  for (const [moment, users] of [
    ['before', 'v2'],
    ['after', 'v3'],
  ] as const)
    test(`${moment} it is written: users have ${users}, and the next run takes that back and goes on`, async () => {
      await underLoad(
        world,
        async () => {
          let kill = () => {};
          tap.watch(
            (change) => (writesFlag(change) ? moment : undefined),
            () => kill(),
          );
          const lost = await world.act(
            { 'image-tag': 'v3' },
            {
              post: false,
              env: { DOCKER_HOST: tap.host },
              onStart: (handle) => {
                kill = handle.kill;
              },
            },
          );
          assert.equal(lost.exitCode, null, lost.log);
          assert.equal((await world.answer()).version, users);
          const next = await world.act({ operation: 'rollback' }, { env: { GITHUB_RUN_ATTEMPT: '2' } });
          assert.deepEqual([next.exitCode, next.outputs['result']], [0, 'rolled-back'], next.log);
          assert.match(next.log, /An earlier deploy of v3 ended half-way: undo it/);
          await assertAnswers(world, 'v2', 'blue');
          await world.assertClean('blue');
        },
        SOME_USERS,
      );
    });

  test('after that, a rollback leads to the release before', async () => {
    await rolledBack(world, 'v1', 'green');
  });
});

/** In the folder that the proxy has for the environment, and which only flags are in. */
const writesFlag = ({ method, path }: Change): boolean =>
  method === 'PUT' && path.startsWith('/containers/edge/archive');
