import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SIDE_BY_SIDE } from '../side-by-side.ts';
import {
  assertNothingLeft,
  startWithWorkers,
  watchQueue,
  worker,
  workersOn,
  workerTasks,
} from '../workers.ts';
import { assertClean } from '../world.ts';

// Services without traffic move along with those that have it: proven before the shift, stopped when their color is
// retired, all together or not at all (facts/ecs.md 3 row 16, 29).

describe('workers', { concurrency: SIDE_BY_SIDE }, () => {
  test('deploy, deploy, rollback: the workers move along, and the queue never stands still', async () => {
    await using world = await startWithWorkers();
    const { sandbox } = world;
    const idle = watchQueue(world);
    const old = workerTasks(world, 'blue').map(({ id }) => id);
    let beside: string[] | undefined;
    sandbox.onCall((operation) => {
      if (operation !== 'ModifyListener') return;
      beside ??= [
        ...workerTasks(world, 'green').map(() => 'new'),
        ...workerTasks(world, 'blue').map(({ id }) => (old.includes(id) ? 'old' : 'restarted')),
      ];
    });
    const first = await world.act({ 'image-tag': 'v2' });
    assert.equal(first.outputs['result'], 'deployed', first.log);
    assert.deepEqual(beside, ['new', 'new', 'old', 'old'], 'proven before the shift, the old ones untouched');
    assert.match(first.log, /jobs-green: 2 of 2 healthy/);
    assert.deepEqual(workersOn(world), { blue: 'v1 x 0', green: 'v2 x 2' });
    assertNothingLeft(world);

    assert.equal((await world.act({ 'image-tag': 'v3' })).outputs['live-color'], 'blue');
    assert.deepEqual(workersOn(world), { blue: 'v3 x 2', green: 'v2 x 0' });

    const back = await world.act({ operation: 'rollback' });
    assert.equal(back.outputs['result'], 'rolled-back', back.log);
    assert.deepEqual(workersOn(world), { blue: 'v3 x 0', green: 'v2 x 2' });

    const further = await world.act({ operation: 'rollback', 'image-tag': 'v1' });
    assert.equal(further.outputs['result'], 'rolled-back', further.log);
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v2 x 0' });
    assert.deepEqual(idle, []);
    assertNothingLeft(world);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  test('only the container with the image of the release gets it; of the service, only count and revision change', async () => {
    await using world = await startWithWorkers({ load: false });
    const before = structuredClone(worker(world, 'green').settings);
    assert.equal((await world.act({ 'image-tag': 'v2' })).exitCode, 0);
    const { json } = [...world.sandbox.ecs.world.taskDefinitions.values()].findLast(
      ({ family }) => family === 'jobs',
    )!;
    assert.deepEqual(
      json.containerDefinitions.map(({ image }) => image),
      ['registry.example.com/agent:7', world.app.image('v2')],
    );
    assert.deepEqual(worker(world, 'green').settings, before);
  });

  test('a worker that crashes at its start: told by name before users notice, and everything as it was', async () => {
    await using world = await startWithWorkers({
      own: { v2: { env: { CRASH_AFTER_MS: '150' } } },
      config: { health: { timeout: '40s', interval: '200ms' } },
    });
    const idle = watchQueue(world);
    const old = workerTasks(world, 'blue').map(({ id }) => id);
    const run = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual(
      [run.exitCode, run.outputs['result'], run.outputs['live-color']],
      [1, 'failed', 'blue'],
      run.log,
    );
    assert.equal(run.report.error.code, 'unhealthy');
    assert.match(run.report.error.message, /worker jobs-green: the application ended by itself/);
    assert.deepEqual(
      workerTasks(world, 'blue').map(({ id }) => id),
      old,
      'the old ones were not touched',
    );
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
    assert.deepEqual(idle, []);
    assertNothingLeft(world);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  test('a worker whose image is missing: one look is enough', async () => {
    await using world = await startWithWorkers({ own: {}, load: false });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'failed', run.log);
    assert.match(run.report.error.message, /worker jobs-green: the image is not in the registry/);
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
  });

  test('a container health check of the worker counts', async () => {
    await using world = await startWithWorkers({
      own: { v2: { env: { HEALTH: 'never' } } },
      container: {
        portMappings: [{ containerPort: 9000 }],
        healthCheck: { command: ['CMD', 'true'], interval: 5, retries: 2 },
      },
      load: false,
    });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'failed', run.log);
    assert.match(run.report.error.message, /worker jobs-green: the container’s own health check fails/);
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
  });

  test('a worker that crashes once users have the release: taken back, web and workers together', async () => {
    await using world = await startWithWorkers({
      own: { v2: {} },
      config: { stabilize: { for: '30s', interval: '200ms' } },
    });
    const old = workerTasks(world, 'blue').map(({ id }) => id);
    const idle = watchQueue(world);
    const timer = setInterval(() => {
      if (world.app.weights().green === 100)
        for (const task of workerTasks(world, 'green')) task.containers.at(-1)?.process?.kill('SIGKILL');
    }, 50);
    const run = await world.act({ 'image-tag': 'v2' });
    clearInterval(timer);
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.match(run.report.error.message, /worker jobs-green/);
    assert.deepEqual(
      workerTasks(world, 'blue').map(({ id }) => id),
      old,
    );
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
    assert.deepEqual(idle, []);
    assertNothingLeft(world);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  test('stage, abort, stage, promote: staged workers run beside the live ones, and as many as those have become', async () => {
    await using world = await startWithWorkers();
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
    assert.equal(staged.outputs['result'], 'staged', staged.log);
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v2 x 2' });
    const aborted = await world.act({ operation: 'abort' });
    assert.equal(aborted.outputs['result'], 'aborted', aborted.log);
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
    assertNothingLeft(world);

    assert.equal((await world.act({ operation: 'stage', 'image-tag': 'v2' })).exitCode, 0);
    const { cluster } = world.app;
    await world.sandbox.call('UpdateService', { cluster, service: 'jobs-blue', desiredCount: 4 });
    const promoted = await world.act({ operation: 'promote' });
    assert.equal(promoted.outputs['result'], 'deployed', promoted.log);
    assert.match(promoted.log, /The workers of blue have grown meanwhile/);
    assert.deepEqual(workersOn(world), { blue: 'v1 x 0', green: 'v2 x 4' });
    assertNothingLeft(world);
    await assertClean(world, 'green');
    await world.usersSaw();
  });

  test('a staged worker that was replaced since: not promoted', async () => {
    await using world = await startWithWorkers({ load: false });
    assert.equal((await world.act({ operation: 'stage', 'image-tag': 'v2' })).exitCode, 0);
    const { cluster } = world.app;
    await world.sandbox.call('UpdateService', { cluster, service: 'jobs-green', taskDefinition: 'jobs:1' });
    const run = await world.act({ operation: 'promote' });
    assert.equal(run.exitCode, 1);
    assert.match(
      run.report.error.message,
      /worker jobs-green: it runs jobs:1, and not jobs:2 that was proven there/,
    );
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
    await assertClean(world, 'blue');
  });

  test('a worker that is off stays off, and has the release ready', async () => {
    await using world = await startWithWorkers({ count: 0, load: false });
    assert.equal((await world.act({ 'image-tag': 'v2' })).outputs['result'], 'deployed');
    assert.deepEqual(workersOn(world), { blue: 'v1 x 0', green: 'v2 x 0' });
    assertNothingLeft(world);
  });

  test('the very first deployment starts one worker', async () => {
    await using world = await startWithWorkers({
      count: 0,
      load: false,
      app: { versions: ['v1'], live: null },
    });
    assert.equal((await world.act({ 'image-tag': 'v1' })).outputs['result'], 'deployed');
    assert.deepEqual(workersOn(world), { blue: 'v1 x 0', green: 'v1 x 1' });
  });

  test('a worker that was not moved along so far: the same tag is deployed once more', async () => {
    await using world = await startWithWorkers({ load: false });
    const config = JSON.parse(world.config);
    delete config.environments.production.ecs.workers;
    const without = JSON.stringify(config, null, 1);
    assert.equal((await world.act({ 'image-tag': 'v2', config: without })).outputs['live-color'], 'green');
    assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
    // Of the two, the one that runs is not on the live color: that is asked about first.
    const asked = await world.act({ 'image-tag': 'v2' });
    assert.match(asked.log, /green is live, and of ecs\.workers\[0\] only blue runs \(jobs-blue\)/);
    const { cluster } = world.app;
    await world.sandbox.call('UpdateService', { cluster, service: 'jobs-green', desiredCount: 2 });
    await world.sandbox.call('UpdateService', { cluster, service: 'jobs-blue', desiredCount: 0 });
    const again = await world.act({ 'image-tag': 'v2' });
    assert.equal(again.outputs['result'], 'deployed', again.log);
    assert.deepEqual(workersOn(world), { blue: 'v2 x 2', green: 'v1 x 0' });
    assert.equal((await world.act({ 'image-tag': 'v2' })).outputs['result'], 'unchanged');
  });

  const REFUSED: [string, (world: Awaited<ReturnType<typeof startWithWorkers>>) => unknown, RegExp][] = [
    [
      'DAEMON',
      (world) => {
        worker(world, 'green').settings.schedulingStrategy = 'DAEMON';
      },
      /Service jobs-green has the scheduling strategy DAEMON/,
    ],
    [
      'EXTERNAL',
      (world) => {
        worker(world, 'blue').settings.deploymentController = { type: 'EXTERNAL' };
      },
      /Service jobs-blue has the deployment controller EXTERNAL/,
    ],
    [
      'a load balancer',
      (world) => {
        worker(world, 'green').settings.loadBalancers = [
          { targetGroupArn: world.app.targetGroups.green, containerName: 'jobs', containerPort: 1 },
        ];
      },
      /Service jobs-green of ecs\.workers\[0\] has a load balancer/,
    ],
    [
      'none of its images',
      async (world) => {
        const containerDefinitions = [{ name: 'x', image: 'other:1', essential: true }];
        world.sandbox.addImage('other:1');
        await world.sandbox.call('RegisterTaskDefinition', { family: 'jobs', containerDefinitions });
        const { cluster } = world.app;
        await world.sandbox.call('UpdateService', { cluster, service: 'jobs-blue', taskDefinition: 'jobs' });
      },
      /No essential container of .*jobs:2, which ecs\.workers\[0\] runs, has an image of .*Its containers are x \(other:1\)/s,
    ],
    [
      'no such service',
      (world) => world.sandbox.ecs.world.services.delete(worker(world, 'green').arn),
      /There is no ECS service jobs-green in cluster production.*ecs\.workers\[0\]\.green/s,
    ],
  ];

  for (const [name, spoil, message] of REFUSED)
    test(`refused before anything is changed: ${name}`, async () => {
      await using world = await startWithWorkers({ load: false });
      await spoil(world);
      const run = await world.act({ 'image-tag': 'v2' });
      assert.equal(run.outputs['result'], 'failed', run.log);
      assert.match(run.log, message);
      const changed = world.sandbox.requests.map(({ operation }) => operation);
      assert.ok(!changed.includes('UpdateService') && !changed.includes('RegisterTaskDefinition'));
      await assertClean(world, 'blue');
    });
});
