import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from '../../docker/lab/parts.ts';
import { NETWORK, PORT } from '../../docker/lab/proxies.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';

// How soon users have a release that is there: from the start of its container until the first answer that users get
// from it, against the same container started by hand and asked every 50 ms. Told, not asserted: machines are noisy. What
// the action takes on top is the same whatever the application takes to listen, so both are told: a quick and a usual one.

const ROUNDS = Number(process.env['SPEED_ROUNDS'] ?? 3);
/** ms from the start of the process until it listens. */
const BOOTS = [500, 1_500];

const COMPOSE = `services:
  web:
    image: \${IMAGE}
    networks: [${NETWORK}]
networks:
  ${NETWORK}:
    external: true
`;

describe('from the start of a container to its users, with HAProxy', { skip: docker.skip }, () => {
  let world: DockerWorld;
  before(async () => {
    const images = BOOTS.flatMap((boot) =>
      Array.from({ length: ROUNDS }, (_, round) => [tagOf(boot, round), { BOOT_MS: String(boot) }]),
    );
    world = await startDockerWorld({
      proxy: 'haproxy',
      compose: COMPOSE,
      images: Object.fromEntries(images),
      config: {
        docker: { replicas: 1 },
        smoke: [{ path: '/health' }],
        stabilize: { for: '0s' },
        retire: { drain: '1s' },
      },
    });
  });
  after(() => world?.[Symbol.asyncDispose]());

  for (const boot of BOOTS)
    test(`users get it hardly later than somebody who waits at its door, ${boot} ms`, async (t) => {
      if (boot === BOOTS[0]) await deployed('v1');
      const rounds: { readonly floor: number; readonly action: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const tag = tagOf(boot, round);
        const floor = await byHand(tag);
        rounds.push({ floor, action: await deployed(tag) });
      }
      const floor = median(rounds.map((one) => one.floor));
      const action = median(rounds.map((one) => one.action));
      t.diagnostic(rounds.map((one) => `${one.action} ms (${one.floor} ms by hand)`).join(', '));
      t.diagnostic(`medians: ${action} ms against ${floor} ms, ratio ${(action / floor).toFixed(2)}`);
      // Only that something was measured.
      assert.ok(floor >= boot && action >= boot);
    });

  /** `docker run`, and a look at its health every 50 ms until the first good answer. */
  async function byHand(tag: string): Promise<number> {
    const { engine, image } = world;
    await engine.docker(['pull', '--quiet', `${image}:${tag}`]);
    await engine.docker(['run', '--detach', '--name', 'by-hand', '--network', NETWORK, `${image}:${tag}`]);
    const { State, NetworkSettings } = await engine.inspect('by-hand');
    const url = `http://${NetworkSettings.Networks[NETWORK].IPAddress}:${PORT}/health`;
    const deadline = Date.now() + 60_000;
    while ((await statusOf(url)).status !== 200) {
      assert.ok(Date.now() < deadline, 'it answers within a minute');
      await sleep(50);
    }
    const took = Date.now() - Date.parse(State.StartedAt);
    await engine.docker(['rm', '--force', 'by-hand']);
    return took;
  }

  /** A deployment, while somebody asks at the users' address all the time. */
  async function deployed(tag: string): Promise<number> {
    let ended = false;
    let first: number | undefined;
    const asking = (async () => {
      while (!ended && first === undefined) {
        if ((await statusOf(world.url)).version === tag) first = Date.now();
        else await sleep(10);
      }
    })();
    const run = await world.act(
      { 'image-tag': tag },
      {
        onLine: (line) => {
          if (process.env['SPEED_LOG']) console.error(Date.now(), line);
        },
      },
    );
    ended = true;
    await asking;
    assert.equal(run.outputs['result'], 'deployed', run.log);
    const color = run.outputs['live-color'] === 'blue' ? 'blue' : 'green';
    const [container] = await world.containers(color);
    const { State } = await world.engine.inspect(container!.id);
    if (process.env['SPEED_LOG']) console.error('started', Date.parse(State.StartedAt), 'first', first);
    return (first ?? Number.NaN) - Date.parse(State.StartedAt);
  }
});

/** One answer on a connection of its own, as a new user has; without one, status 0. */
function statusOf(url: string): Promise<{ readonly status: number; readonly version?: string | undefined }> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      const version = response.headers['x-version'];
      resolve({
        status: response.statusCode ?? 0,
        version: typeof version === 'string' ? version : undefined,
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve({ status: 0 }));
  });
}

const tagOf = (boot: number, round: number): string => `boot-${boot}-${round}`;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
