import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { until } from '../../docker/lab/until.ts';
import { type Color, type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import {
  assertAnswers,
  contentOf,
  deployed,
  keepsItsPromises,
  rolledBack,
  underLoad,
  WORLD,
  withDocker,
} from './promises.ts';

const NETWORK = 'edge';
/** What the proxy resolves. */
const ALIAS = 'storefront';

describe('behind a proxy that resolves a network alias', { skip: docker.skip }, () => {
  let world: DockerWorld;
  before(async () => {
    world = await startDockerWorld({ proxy: 'alias', ...WORLD });
  });
  after(() => world?.[Symbol.asyncDispose]());

  keepsItsPromises(() => world);

  test('a parked container whose address somebody else has by now is rolled back to all the same', async () => {
    await deployed(world, 'v1', 'green');
    const [first] = await webOn('blue');
    const address = first!.fixedAddress;
    assert.notEqual(address, '', 'it asks for the address that it had');
    await squat(address, async () => {
      await assert.rejects(world.engine.docker(['start', first!.id]), /address already in use/i);
      const parked = await contentOf(world, 'blue');
      // Replaced and put back, it still asks for that address.
      const refused = await world.act({ 'image-tag': 'exits' });
      assert.deepEqual([refused.exitCode, refused.outputs['result']], [1, 'failed'], refused.log);
      assert.deepEqual(await contentOf(world, 'blue'), parked);
      const back = await world.act({ operation: 'rollback' });
      assert.deepEqual([back.exitCode, back.outputs['live-color']], [0, 'blue'], back.log);
      await assertAnswers(world, 'v2', 'blue');
    });
    await world.assertClean('blue');
  });

  test('kept warm: the parked ones run on without the alias, and are put back so though an address is taken', async () => {
    const config = (timeout: string) => {
      const all = JSON.parse(world.config);
      const { production } = all.environments;
      production.retire.keep = 1;
      production.health.timeout = timeout;
      return JSON.stringify(all, null, 1);
    };
    const isWarm = async () => {
      const containers = await world.containers('blue');
      const running = containers.filter(({ service, state }) => service === 'web' && state === 'running');
      assert.equal(running.length, 1, JSON.stringify(containers));
      const [warm] = (await webOn('blue')).filter(({ id }) => id === running[0]!.id);
      assert.ok(!warm!.aliases.includes(ALIAS) && warm!.address !== '');
      return warm!;
    };
    await underLoad(world, async () => {
      const run = await world.act({ 'image-tag': 'v3', config: config('60s') });
      assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
      const warm = await isWarm();
      // While the refused release is in its place, somebody takes its address.
      let taken: Promise<unknown> | undefined;
      const refused = await world.act(
        { 'image-tag': 'sick', config: config('5s') },
        {
          onLine: (line) => {
            if (line.includes('Wait until blue is healthy')) taken ??= occupy(warm.fixedAddress);
          },
        },
      );
      await taken;
      assert.deepEqual([refused.exitCode, refused.outputs['result']], [1, 'failed'], refused.log);
      assert.notEqual((await isWarm()).address, warm.fixedAddress);
      const back = await world.act({ operation: 'rollback', config: config('60s') });
      assert.deepEqual([back.exitCode, back.outputs['live-color']], [0, 'blue'], back.log);
      await assertAnswers(world, 'v2', 'blue');
    });
    await leave();
    await world.assertClean('blue');
  });

  test('killed while both colors have the alias: the next run takes the release back, and goes on', async () => {
    await underLoad(world, async () => {
      await killedInSwitch('v1');
      const next = await world.act({ 'image-tag': 'v3' });
      assert.deepEqual([next.exitCode, next.outputs['result']], [0, 'deployed'], next.log);
      assert.match(next.log, /An earlier deploy of v1 ended half-way: undo it/);
      await assertAnswers(world, 'v3', 'green');
      await world.assertClean('green');
    });
  });

  // Without users: whoever had a request there lost it when the run died, as nobody put the container back.
  test('killed while a container was off the network: the next run brings it back', async () => {
    for (const color of ['green', 'blue'] as const) {
      await killedInSwitch('v1', 'green');
      const off = (await webOn(color)).map(({ id }) => id);
      for (const id of off) await world.engine.docker(['network', 'disconnect', NETWORK, id]);
      const next = await world.act({ operation: 'rollback' });
      assert.deepEqual([next.exitCode, next.outputs['live-color']], [0, 'green'], next.log);
      const live = await webOn('green');
      assert.equal(live.length, 2, color);
      for (const { aliases, address } of live) assert.ok(aliases.includes(ALIAS) && address !== '');
      await until('an answer', () =>
        fetch(world.url).then(
          ({ ok }) => ok,
          () => false,
        ),
      );
      await assertAnswers(world, 'v3', 'green');
      await world.assertClean('green');
    }
    await underLoad(world, () => rolledBack(world, 'v2', 'blue'));
  });

  test('a network without a subnet of its own is refused before anything starts, with the command that makes one', async () => {
    const before = await Promise.all([contentOf(world, 'blue'), contentOf(world, 'green')]);
    await world.engine.docker(['network', 'create', 'automatic']);
    await world.engine.docker(['network', 'connect', 'automatic', 'edge']);
    const run = await world.act({ 'image-tag': 'v1', config: withDocker(world, { network: 'automatic' }) });
    await world.engine.docker(['network', 'disconnect', 'automatic', 'edge']);
    await world.engine.docker(['network', 'rm', 'automatic']);
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.match(run.log, /Nobody chose the subnet of the network automatic/);
    assert.match(run.log, /docker network create --subnet [\d.]+\/24 automatic/);
    assert.deepEqual(await Promise.all([contentOf(world, 'blue'), contentOf(world, 'green')]), before);
    await assertAnswers(world, 'v2', 'blue');
    await world.assertClean('blue');
  });

  interface Place {
    readonly id: string;
    readonly address: string;
    readonly fixedAddress: string;
    readonly aliases: readonly string[];
  }

  /** Where the containers of the traffic's service are on the network; those off it are left out. */
  async function webOn(color: Color): Promise<readonly Place[]> {
    const containers = (await world.containers(color)).filter(({ service }) => service === 'web');
    const places = await Promise.all(
      containers.map(async ({ id }) => {
        const place = (await world.engine.inspect(id)).NetworkSettings.Networks[NETWORK];
        if (place === undefined) return [];
        const { IPAddress, IPAMConfig, Aliases } = place;
        return [
          { id, address: IPAddress, fixedAddress: IPAMConfig?.IPv4Address ?? '', aliases: Aliases ?? [] },
        ];
      }),
    );
    return places.flat();
  }

  async function occupy(address: string): Promise<void> {
    const place = ['--network', NETWORK, '--ip', address, '--env', 'PORT='];
    await world.engine.docker(['run', '--detach', '--name', 'squatter', ...place, 'app:base']);
  }

  const leave = () => world.engine.docker(['rm', '--force', 'squatter']);

  async function squat(address: string, body: () => Promise<void>): Promise<void> {
    await occupy(address);
    try {
      await body();
    } finally {
      await leave();
    }
  }

  /** The machine of a run is lost while both colors have the alias; somebody breaks its lock, which would run out. */
  async function killedInSwitch(tag: string, from: Color = 'blue'): Promise<void> {
    const to = from === 'blue' ? 'green' : 'blue';
    let switching: Promise<unknown> | undefined;
    let kill = () => {};
    const run = await world.act(
      { 'image-tag': tag },
      {
        post: false,
        onStart: (handle) => {
          kill = handle.kill;
        },
        onLine: (line) => {
          if (!line.includes(`Switch traffic to ${to}`)) return;
          switching ??= until('the alias on both colors', async () => {
            const holders = await Promise.all(
              (await webOn(to)).map(async ({ aliases }) => aliases.includes(ALIAS)),
            );
            return holders.length === 2 && holders.every(Boolean);
          }).finally(() => kill());
        },
      },
    );
    await switching;
    assert.equal(run.exitCode, null, run.log);
    for (const { aliases } of [...(await webOn('blue')), ...(await webOn('green'))])
      assert.ok(aliases.includes(ALIAS), 'both colors have it');
    await world.engine.docker(['rm', '--volumes', 'storefront-production-lock']);
  }
});
