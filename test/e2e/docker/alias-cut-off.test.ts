import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SOME_USERS } from '../../docker/lab/load.ts';
import { docker } from '../../docker/lab/parts.ts';
import { APP, NETWORK } from '../../docker/lab/proxies.ts';
import { type Change, type Tap, tapEngine } from '../../docker/lab/tap.ts';
import { until } from '../../docker/lab/until.ts';
import { type Color, type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import { assertAnswers, rolledBack, underLoad, withoutDrain } from './promises.ts';

// The machine of a run is lost in the middle of a switch, which takes several changes where a network alias is switched.
// A switch takes containers off the network and puts them back: first those of the new color, which get the alias, then
// those of the old one, which lose it. (HAProxy's losses, and all of those that are no proxy's own: killed.test.ts.)

describe('a switch of a network alias is cut off', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let tap: Tap;
  before(async () => {
    world = await startDockerWorld({
      proxy: 'alias',
      images: { v3: {} },
      config: { stabilize: { for: '300ms', interval: '100ms' }, retire: { drain: '1500ms' } },
    });
    tap = await tapEngine(world.engine);
    for (const tag of ['v1', 'v2']) {
      const run = await world.act({ 'image-tag': tag, config: withoutDrain(world) });
      assert.equal(run.outputs['result'], 'deployed', run.log);
    }
  });
  after(async () => {
    await tap?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  test('its machine is lost while both colors have the alias: the next run takes the release back, and goes on', async () => {
    await underLoad(
      world,
      async () => {
        // The first one asks in advance whether addresses can be kept.
        await lost('v1', nth(3, 'connect'));
        const holders = [...(await webOn('blue')), ...(await webOn('green'))];
        assert.deepEqual(
          holders.map(({ aliases }) => aliases.includes(APP)),
          [true, true, true, true],
        );
        const next = await world.act({ 'image-tag': 'v3' }, { env: NEXT });
        assert.deepEqual([next.exitCode, next.outputs['result']], [0, 'deployed'], next.log);
        assert.match(next.log, /An earlier deploy of v1 ended half-way: undo it/);
        await assertAnswers(world, 'v3', 'green');
        await world.assertClean('green');
      },
      SOME_USERS,
    );
  });

  // Without users: whoever had a request there lost it with the machine, as nobody put the container back.
  for (const [who, disconnect] of [
    ['new', 1],
    ['old', 3],
  ] as const)
    test(`its machine is lost while a container of the ${who} color is off the network: the next run brings it back`, async () => {
      await lost('v1', nth(disconnect, 'disconnect'));
      assert.equal((await webOn('blue')).length + (await webOn('green')).length, 3);
      const next = await world.act({ operation: 'rollback', config: withoutDrain(world) }, { env: NEXT });
      assert.deepEqual([next.exitCode, next.outputs['live-color']], [0, 'green'], next.log);
      const live = await webOn('green');
      assert.equal(live.length, 2);
      for (const { aliases, address } of live) assert.ok(aliases.includes(APP) && address !== '');
      await until('an answer', async () => (await fetch(world.url).catch(() => undefined))?.ok);
      await assertAnswers(world, 'v3', 'green');
      await world.assertClean('green');
    });

  test('after all of them, a rollback leads to the release before', async () => {
    await rolledBack(world, 'v2', 'blue', withoutDrain(world));
  });

  /** The lock of an earlier attempt is known to be nobody's. */
  const NEXT = { GITHUB_RUN_ATTEMPT: '2' };

  async function lost(tag: string, at: (change: Change) => boolean): Promise<void> {
    let kill = () => {};
    tap.watch(
      (change) => (at(change) ? 'after' : undefined),
      () => kill(),
    );
    const run = await world.act(
      { 'image-tag': tag },
      {
        post: false,
        env: { DOCKER_HOST: tap.host },
        onStart: (handle) => {
          kill = handle.kill;
        },
      },
    );
    assert.equal(run.exitCode, null, run.log);
  }

  /** Where the running containers of the traffic's service are on the network; those off it are left out. */
  async function webOn(color: Color) {
    const web = (await world.containers(color)).filter(
      ({ service, state }) => service === 'web' && state === 'running',
    );
    const inspected = await world.engine.inspectAll(web.map(({ id }) => id));
    return inspected.flatMap(({ NetworkSettings }) => {
      const place = NetworkSettings.Networks[NETWORK];
      return place === undefined
        ? []
        : [{ address: place.IPAddress as string, aliases: (place.Aliases ?? []) as readonly string[] }];
    });
  }
});

/** The n-th of the requests to this network. */
function nth(number: number, what: 'connect' | 'disconnect'): (change: Change) => boolean {
  let count = 0;
  return ({ path }) => {
    if (path !== `/networks/${NETWORK}/${what}`) return false;
    count += 1;
    return count === number;
  };
}
