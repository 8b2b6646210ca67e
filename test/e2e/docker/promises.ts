/** What is promised whatever proxy is in front: the same scenarios for each, on one host, one after the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EDGE } from '../../docker/lab/proxies.ts';
import { until } from '../../docker/lab/until.ts';
import type { Color, DockerWorld, DockerWorldOptions } from '../../docker/lab/world.ts';
import type { LoadOptions, LoadResult } from '../../load/index.ts';
import type { ActionRun } from '../runner.ts';
import { configWith, tellUsers } from './kit.ts';

/** The traffic's service as in the lab's own file, with as much memory as lets a container run out of it. */
const COMPOSE = `services:
  web:
    image: \${IMAGE}
    environment: { COLOR: "\${COLOR}", PORT: 3000 }
    networks: [edge]
    stop_grace_period: 10s
    mem_limit: 256m
  worker:
    image: \${IMAGE}
    environment: { COLOR: "\${COLOR}", PORT: '' }
    mem_limit: 256m
networks:
  edge: { external: true }
`;

/** For `startDockerWorld`: a release for each way to go wrong, and what finds it out. */
export const WORLD: Omit<DockerWorldOptions, 'proxy'> = {
  compose: COMPOSE,
  images: {
    v3: {},
    sick: { HEALTH: 'never' },
    exits: { EXIT_AT_START: '7' },
    hungry: { OOM: '200' },
    wrong: { WRONG_BODY: 'sorry' },
    broken: { FAIL_PATH: '/checkout' },
  },
  config: {
    identity: { header: 'x-version', value: '{image-tag}' },
    smoke: [{ path: '/health', body: '"ok":true', retries: 0 }],
    stabilize: { for: '1s', interval: '250ms', 'max-failed-probes': 0, probe: { path: '/checkout' } },
  },
};

async function deployed(
  world: DockerWorld,
  tag: string,
  live: Color,
  config = world.config,
): Promise<ActionRun> {
  const run = await world.act({ 'image-tag': tag, config });
  await assertLive(world, run, { result: 'deployed', tag, live });
  return run;
}

export async function rolledBack(
  world: DockerWorld,
  tag: string,
  live: Color,
  config = world.config,
): Promise<ActionRun> {
  const run = await world.act({ operation: 'rollback', config });
  await assertLive(world, run, { result: 'rolled-back', tag, live });
  return run;
}

async function assertLive(
  world: DockerWorld,
  run: ActionRun,
  { result, tag, live }: { result: string; tag: string; live: Color },
): Promise<void> {
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, result], run.log);
  assert.equal(run.outputs['live-color'], live);
  assert.match(run.outputs['image'] ?? '', new RegExp(`^${world.image}:${tag}@sha256:`));
  await assertAnswers(world, tag, live);
  await world.assertClean(live);
}

export async function assertAnswers(world: DockerWorld, version: string, color: Color): Promise<void> {
  const answer = await world.answer();
  assert.deepEqual([answer.version, answer.color], [version, color]);
}

/** Users are there from before it to after it, and none of them sees a failure. */
export async function underLoad(
  world: DockerWorld,
  body: () => Promise<unknown>,
  users?: Partial<LoadOptions>,
): Promise<LoadResult> {
  await world.startUsers(users);
  return await withUsers(world, body);
}

async function withUsers(world: DockerWorld, body: () => Promise<unknown>): Promise<LoadResult> {
  try {
    await body();
  } catch (error) {
    // The load ends, and what went wrong first is what is told.
    await world.usersSaw().catch(() => {});
    throw error;
  }
  return await world.usersSaw();
}

/** What a color consists of, but for ids: what was replaced and put back has others. */
const contentOf = async ({ engine, containers }: DockerWorld, color: Color): Promise<readonly string[]> =>
  (await engine.inspectAll((await containers(color)).map(({ id }) => id))).map(
    ({ Name, Config: { Labels } }) => `${Name} ${Labels['blue-green.release']} ${Labels['blue-green.image']}`,
  );

/** The config with other patience for health, where it is one that never comes. */
function hasty(world: DockerWorld): string {
  const config = JSON.parse(world.config);
  config.environments.production.health.timeout = '5s';
  return JSON.stringify(config, null, 1);
}

/** The config where no users are: nobody has to be waited for, and a network alias counts none. */
export const withoutDrain = (world: DockerWorld): string => configWith(world, { retire: { drain: '0s' } });

/** What only HAProxy can is refused before anything starts. Nothing is deployed yet. */
export function refusesSteps(get: () => DockerWorld): void {
  test('a shift in steps is refused before anything starts', async () => {
    const world = get();
    const config = configWith(world, { shift: { steps: ['5%', '50%'], every: '5s' } });
    const run = await world.act({ 'image-tag': 'v1', config });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.equal(run.report.error.code, 'preflight', run.log);
    assert.match(run.report.error.message, /gives all traffic to one color: it can’t shift in steps/);
    assert.match(run.report.error.hint, /shift: all-at-once/);
    assert.deepEqual([await world.containers('blue'), await world.containers('green')], [[], []]);
  });
}

/** Each goes on from where the one before it ended. At the end, v2 is live on blue and v3 is parked on green. */
export function keepsItsPromises(get: () => DockerWorld): void {
  test('the very first deployment, taken back: nothing was there, and nothing is left', async () => {
    const world = get();
    const run = await world.act({ 'image-tag': 'broken', config: withoutDrain(world) });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.match(run.log, /(?:probes failed on green|requests of our own failed)/);
    assert.equal(run.outputs['image'], '');
    assert.deepEqual([await world.containers('blue'), await world.containers('green')], [[], []]);
    assert.equal(await world.engine.docker(['ps', '--all', '--format', '{{.Names}}']), 'edge');
  });

  test('the first deployment ever, then two in a row: users never fail once there is an answer', async (t) => {
    const world = get();
    const [first] = await Promise.all([world.act({ 'image-tag': 'v1' }), world.startUsers()]);
    const users = await withUsers(world, async () => {
      assert.equal(first.outputs['previous-image'], '');
      await assertLive(world, first, { result: 'deployed', tag: 'v1', live: 'green' });
      assert.deepEqual(await world.containers('blue'), []);
      const second = await deployed(world, 'v2', 'blue');
      assert.equal(second.outputs['previous-image'], first.outputs['image']);
      const third = await deployed(world, 'v3', 'green');
      assert.equal(third.outputs['previous-image'], second.outputs['image']);
    });
    tellUsers(t, users);
    for (const version of ['v1', 'v2', 'v3']) assert.ok((users.byVersion[version] ?? 0) > 0, version);
  });

  test('a release that must not reach users does not, and the parked one is as it was', async (t) => {
    const world = get();
    const parked = await contentOf(world, 'blue');
    const users = await underLoad(world, async () => {
      for (const [tag, reason] of [
        ['sick', /health\.timeout.*GET \/health answered 500/],
        ['exits', /exit(?:ed|s|) (?:with )?(?:code )?7/],
        ['hungry', /memory/],
        ['wrong', /Smoke test GET \/health failed/],
      ] as const) {
        const run = await world.act({ 'image-tag': tag, ...(tag === 'sick' && { config: hasty(world) }) });
        assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
        assert.match(run.log, reason);
        assert.equal(run.outputs['live-color'], 'green');
        assert.match(run.outputs['image'] ?? '', /:v3@/);
        assert.deepEqual(await contentOf(world, 'blue'), parked, tag);
        await world.assertClean('green');
      }
    });
    tellUsers(t, users);
    assert.deepEqual(Object.keys(users.byVersion), ['v3'], 'no user ever saw another');
  });

  test('taken back while it is watched, with users on it', async (t) => {
    const world = get();
    const parked = await contentOf(world, 'blue');
    const users = await underLoad(world, async () => {
      const run = await world.act({ 'image-tag': 'broken' });
      assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
      assert.match(run.log, /(?:probes failed on blue|requests of our own failed)/);
      assert.equal(run.outputs['live-color'], 'green');
      await assertAnswers(world, 'v3', 'green');
      assert.deepEqual(await contentOf(world, 'blue'), parked);
      await world.assertClean('green');
    });
    tellUsers(t, users);
    assert.ok((users.byVersion['broken'] ?? 0) > 0, 'users had it for a while');
  });

  test('rollback, and another without the registry: the very containers that were parked', async (t) => {
    const world = get();
    const idsOn = async (color: Color) => (await world.containers(color)).map(({ id }) => id);
    const users = await underLoad(world, async () => {
      const parked = await idsOn('blue');
      await rolledBack(world, 'v2', 'blue');
      assert.deepEqual(await idsOn('blue'), parked);
      await deployed(world, 'v1', 'green');
      await world.registry.stop();
      await rolledBack(world, 'v2', 'blue');
      assert.deepEqual(await idsOn('blue'), parked);
      await world.registry.start();
    });
    tellUsers(t, users);
  });

  test('the proxy starts again, and the host, after a deployment: the live color has the traffic, and only it came back', async () => {
    const world = get();
    // Not the color that is live without anybody's word for it.
    await deployed(world, 'v3', 'green', withoutDrain(world));
    for (const again of [
      () => world.engine.docker(['restart', '--time', '1', EDGE]),
      () => world.engine.restart('power-cut'),
      () => world.engine.restart('shutdown'),
    ]) {
      await again();
      // No connection stays: a proxy waits for those, as it ends.
      await until('an answer', () =>
        world.answer().then(
          () => true,
          () => false,
        ),
      );
      await assertAnswers(world, 'v3', 'green');
      // The other service has the restart policy that its file gives it, which is none.
      await until('all who take the traffic', async () =>
        (await world.containers('green')).every(({ service, state }) =>
          service === 'web' ? state === 'running' : true,
        ),
      );
      for (const { name, state } of await world.containers('blue')) assert.equal(state, 'exited', name);
    }
    await rolledBack(world, 'v2', 'blue', withoutDrain(world));
  });
}
