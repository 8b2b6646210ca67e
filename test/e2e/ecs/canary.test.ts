import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ActionRun } from '../runner.ts';
import { assertClean, revisionOn, startWorld, type World, type WorldOptions } from '../world.ts';

// Gradual shifts on the load balancer, judged by what it counts itself (CloudWatch, by target group), under load.

const identity = { header: 'x-version', value: '{image-tag}', path: '/health' };
/** Long steps: what ends them is what is seen, except in the release that is good. */
const shift = { steps: ['5%', '50%'], every: '60s' };
const stabilize = { for: '2s', interval: '250ms', 'min-requests': 20 };

const start = (options: WorldOptions) =>
  startWorld({
    ...options,
    // Nobody asks for what takes long by itself: it would hide how long the release takes.
    load: { ratePerSecond: 150, slow: { inFlight: 0, ms: 0 } },
    config: { identity, shift, ...options.config },
  });

/** What green was given at most, in percent. */
const mostOfGreen = ({ report }: ActionRun): number =>
  Math.max(...report.weights.map(({ green }: { green: number }) => green));

/** What the load balancer gave to a color. */
const given = ({ sandbox, app }: World, color: 'blue' | 'green') => {
  const arn = app.targetGroups[color];
  return sandbox.elb.samples(arn.slice(arn.lastIndexOf(':') + 1)) ?? [];
};

async function assertTakenBackAt5(world: World, run: ActionRun, former: string): Promise<void> {
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
  assert.equal(run.outputs['live-color'], 'blue');
  assert.equal(mostOfGreen(run), 5);
  assert.equal(revisionOn(world, 'green'), former, 'the parked release is back');
  assert.equal(world.app.service('green').desiredCount, 0);
  await assertClean(world, 'blue');
}

/** What the bad release did to users, who never had more of it than its share. */
async function damage(world: World, context: TestContext): Promise<{ failed: number; got: number }> {
  const { requests, failed } = await world.usersMet();
  const got = given(world, 'green').length;
  context.diagnostic(
    `${failed} of ${requests} requests of users failed; green got ${got} (${((100 * got) / requests).toFixed(1)} %)`,
  );
  assert.ok(failed <= got, 'only the new color failed anybody');
  assert.ok(got < requests / 4, 'most users never met it');
  return { failed, got };
}

test('a release that fails 20 % of its requests is taken back at 5 %', async (context) => {
  await using world = await start({
    images: { broken: { env: { FAIL_RATE: '0.2' } } },
    config: { stabilize: { ...stabilize, 'max-error-rate': '5%' } },
  });
  const former = revisionOn(world, 'green');
  const run = await world.act({ 'image-tag': 'broken' });
  await assertTakenBackAt5(world, run, former);
  assert.equal(run.report.error.code, 'error-rate');
  assert.match(
    run.log,
    /[\d.]+ % of the answers of green are errors \(\d+ of \d+, 0 % on blue at the same time\)/,
  );
  const { failed } = await damage(world, context);
  assert.ok(failed > 0, 'users met it');
});

test('a release that is slow is taken back at 5 %', async (context) => {
  await using world = await start({
    images: { slow: { env: { SLOW_MS: '900' } } },
    config: { stabilize: { ...stabilize, 'max-latency': '500ms' } },
  });
  const former = revisionOn(world, 'green');
  const run = await world.act({ 'image-tag': 'slow' });
  await assertTakenBackAt5(world, run, former);
  assert.equal(run.report.error.code, 'latency');
  assert.match(run.log, /Answers of green take \d+ ms \(p95 of \d+, \d+ ms on blue at the same time\)/);
  const { failed } = await damage(world, context);
  assert.equal(failed, 0, 'slow is not failed');
});

test('a release that is good goes through all steps: 0 failed, and the shares are as said', async (context) => {
  await using world = await start({
    config: {
      shift: { ...shift, every: '4s' },
      stabilize: { ...stabilize, 'max-error-rate': '1%', 'max-latency': '2s' },
    },
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
  const weights = (run.report.weights as { at: string; green: number }[]).filter(({ green }) => green > 0);
  assert.deepEqual(
    weights.map(({ green }) => green),
    [5, 50, 100],
  );
  for (const [index, { at, green }] of weights.slice(0, 2).entries()) {
    // Nodes follow within 0.4 s here.
    const [from, to] = [Date.parse(at) + 500, Date.parse(weights[index + 1]!.at)];
    const count = (color: 'blue' | 'green') =>
      given(world, color).filter((one) => one.at >= from && one.at < to).length;
    const [blue, got] = [count('blue'), count('green')];
    const share = (100 * got) / (blue + got);
    context.diagnostic(`at ${green} %: ${got} of ${blue + got} requests, ${share.toFixed(1)} %`);
    assert.ok(share > green / 3 && share < Math.min(3 * green, 75), `${share} % at ${green} %`);
  }
  await assertClean(world, 'green');
  const { requests } = await world.usersSaw();
  context.diagnostic(`0 of ${requests} requests failed`);
});

test('CloudWatch is throttled the whole time: no verdict, said once, and the release goes through', async () => {
  await using world = await start({
    config: {
      shift: { steps: ['50%'], every: '3s' },
      stabilize: { ...stabilize, 'max-error-rate': '1%' },
    },
  });
  let watching = false;
  const run = await world.act(
    { 'image-tag': 'v2' },
    {
      onLine: (line) => {
        if (watching || !/Watching green with 50 %/.test(line)) return;
        watching = true;
        world.sandbox.faults.add({ operation: 'GetMetricData', call: 'every', kind: 'throttle' });
      },
    },
  );
  assert.ok(watching && world.sandbox.faults.struck > 0, 'it was throttled');
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
  assert.equal(run.log.match(/No news of what users were answered/g)?.length, 1, run.log);
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('killed with -9 in the middle of a step: the next run gives all traffic back to the old color', async () => {
  for (const operation of ['abort', 'deploy'] as const) {
    await using world = await start({
      app: { versions: ['v1', 'v2', 'v3'] },
      config: { stabilize: { ...stabilize, 'max-error-rate': '5%' } },
    });
    let kill = () => {};
    const dead = await world.act(
      { 'image-tag': 'v2' },
      {
        post: false,
        onLine: (line) => {
          if (/Watching green with 5 %/.test(line)) setTimeout(() => kill(), 500);
        },
        onStart: (handle) => {
          kill = handle.kill;
        },
      },
    );
    assert.equal(dead.exitCode, null, 'it was killed');
    assert.deepEqual(world.app.weights(), { blue: 95, green: 5 });
    // The dead run's lease ends: what GitHub's API, or time, would tell.
    for (const { RuleArn } of await world.app.rules())
      await world.sandbox.call('AddTags', {
        ResourceArns: [RuleArn],
        Tags: [{ Key: 'blue-green:expires', Value: '2020-01-01T00:00:00.000Z' }],
      });
    const moves: unknown[] = [];
    world.sandbox.onCall((called) => {
      if (called === 'ModifyListener') moves.push(world.app.weights());
    });
    const { environments, ...file } = JSON.parse(world.config);
    // One short step is enough for what is deployed in the end.
    const production = { ...environments.production, shift: { steps: ['50%'], every: '1s' } };
    const short = JSON.stringify({ ...file, environments: { production } }, null, 1);
    const next = await world.act({
      operation,
      'image-tag': operation === 'deploy' ? 'v3' : '',
      config: short,
    });
    assert.equal(next.exitCode, 0, next.log);
    assert.match(next.log, /Give traffic back to blue/);
    assert.equal(next.outputs['live-color'], operation === 'deploy' ? 'green' : 'blue', next.log);
    await assertClean(world, operation === 'deploy' ? 'green' : 'blue');
    assert.ok(moves.length > 0);
    await world.usersSaw();
  }
});

test('without identity, what the load balancer counts proves the switch before the old color is parked', async (context) => {
  await using world = await start({
    config: {
      identity: undefined,
      shift: 'all-at-once',
      stabilize: { ...stabilize, 'max-error-rate': '1%' },
    },
  });
  let parkedAt = 0;
  world.sandbox.onCall((called, _, input) => {
    if (called === 'UpdateService' && (input as { service: string }).service === 'shop-blue')
      parkedAt = Date.now();
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
  assert.match(run.log, /Proven by count: green \d+ requests, blue 0\./);
  const lastOfBlue = given(world, 'blue').at(-1)!.at;
  assert.ok(lastOfBlue < parkedAt, 'nobody was on blue any more');
  context.diagnostic(
    `parked ${((parkedAt - lastOfBlue) / 1000).toFixed(1)} s after the last request on blue`,
  );
  await assertClean(world, 'green');
  await world.usersSaw();
});
