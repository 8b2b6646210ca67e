import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  RegisterScalableTargetCommandInput,
  ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import type { EcsSettings } from '../../../src/config/environment.ts';
import type { Color, PerColor } from '../../../src/release/color.ts';
import type { Aws } from '../../../src/target/ecs/aws.ts';
import { EcsScaling } from '../../../src/target/ecs/scaling.ts';
import type { ServicePair } from '../../../src/target/ecs/services.ts';

interface Scaled {
  min: number;
  max: number;
  /** As the journal writes it. */
  suspended: string;
  count: number;
  before?: string;
}

/** Two services with scalable targets in memory, and what is done to them, in order. */
function platform(blue: Scaled, green: Scaled, live: Color = 'blue') {
  const state = { blue, green };
  const done: string[] = [];
  const colorOf = (id = ''): Color => (id.endsWith('blue') ? 'blue' : 'green');
  const target = (color: Color): ScalableTarget => ({
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    RoleARN: 'arn',
    CreationTime: new Date(),
    ResourceId: `service/shop/shop-${color}`,
    MinCapacity: state[color].min,
    MaxCapacity: state[color].max,
    SuspendedState: {
      DynamicScalingInSuspended: state[color].suspended.includes('in'),
      DynamicScalingOutSuspended: state[color].suspended.includes('out'),
      ScheduledScalingSuspended: state[color].suspended.includes('scheduled'),
    },
  });
  const send = async ({ input }: { input: RegisterScalableTargetCommandInput }) => {
    if (input.ResourceId === undefined) return { ScalableTargets: [target('blue'), target('green')] };
    const { MinCapacity: min, MaxCapacity: max, SuspendedState: flags } = input;
    const color = colorOf(input.ResourceId);
    const one = state[color];
    if (min !== undefined) one.min = min;
    if (max !== undefined) one.max = max;
    one.suspended =
      [
        ...(flags?.DynamicScalingInSuspended ? ['in'] : []),
        ...(flags?.DynamicScalingOutSuspended ? ['out'] : []),
        ...(flags?.ScheduledScalingSuspended ? ['scheduled'] : []),
      ].join('+') || 'none';
    one.count = Math.min(one.max, Math.max(one.min, one.count));
    done.push(`${color}: ${min ?? '-'}..${max ?? '-'} ${one.suspended}`);
    return {};
  };
  const describe = async () => {
    const service = (color: Color) => {
      const { before, count } = state[color];
      const tags = before === undefined ? [] : [{ key: 'blue-green:suspended-before', value: before }];
      return { serviceName: `shop-${color}`, desiredCount: count, tags };
    };
    return { blue: service('blue'), green: service('green') };
  };
  const services = {
    describe,
    recent: describe,
    async update(color: Color, { desiredCount }: { desiredCount: number }) {
      state[color].count = desiredCount;
      done.push(`${color}: x ${desiredCount}`);
    },
    async tag({ serviceName }: { serviceName: string }, tags: Record<string, string>) {
      state[colorOf(serviceName)].before = tags['blue-green:suspended-before']!;
    },
    async untag({ serviceName }: { serviceName: string }) {
      delete state[colorOf(serviceName)].before;
    },
  };
  const run = (asked?: number) =>
    new EcsScaling({
      aws: { open: () => ({ send, destroy() {} }) } as unknown as Aws,
      settings: {
        cluster: 'shop',
        services: { blue: 'shop-blue', green: 'shop-green' },
        autoscaling: 'hand-over',
      } as EcsSettings,
      services: services as unknown as ServicePair,
      asked: () => asked,
      carriesTraffic: async (color) => color === live,
    });
  return { state, done, run };
}

const text = ({ min, max, suspended, before }: Scaled) =>
  `min=${min} max=${max} suspended=${suspended}${before === undefined ? '' : ` before=${before}`}`;
const saved = ({ blue, green }: PerColor<Scaled>) => ({ blue: text(blue), green: text(green) });
const LIVE = { min: 2, max: 6, suspended: 'scheduled', count: 3 };
const HELD = { min: 1, max: 4, suspended: 'in+out+scheduled', count: 3, before: 'none' };

test('shared: neither shrinks, both grow within the bounds of the live one', async () => {
  const { state, done, run } = platform({ ...LIVE }, { ...HELD });
  await run(3).share('green', saved(state));
  assert.deepEqual(done, ['blue: -..- in+scheduled', 'green: 2..6 in+scheduled']);
  done.length = 0;
  await run(3).share('green', saved({ blue: LIVE, green: HELD }));
  assert.deepEqual(done, [], 'what is so already is left alone');
});

test('shared, then restored: bit by bit, and what AWS raised comes down before the bounds do', async () => {
  const { state, done, run } = platform({ ...LIVE }, { ...HELD });
  const was = saved(state);
  const own = run(3);
  await own.share('green', was);
  state.green.count = 6;
  state.blue.count = 5;
  done.length = 0;
  await own.restore('blue', was.blue, { scaleIn: true });
  await own.restore('green', was.green, { scaleIn: true });
  assert.deepEqual(done, ['blue: -..- scheduled', 'green: x 4', 'green: 1..4 in+out+scheduled']);
  assert.deepEqual(saved(state), was);
  assert.equal(state.blue.count, 5);
});

test('shared, then handed over: each is told what it lacks, and no more', async () => {
  const { state, done, run } = platform({ ...LIVE }, { ...HELD });
  const was = saved(state);
  const own = run(3);
  await own.share('green', was);
  done.length = 0;
  await own.handOver('green', was, { scaleIn: false });
  assert.deepEqual(done, ['blue: -..- in+out+scheduled']);
  await own.handOver('green', was, { scaleIn: true });
  assert.deepEqual(done.slice(1), ['green: -..- scheduled']);
  assert.deepEqual(saved(state), {
    blue: 'min=2 max=6 suspended=in+out+scheduled before=scheduled',
    green: 'min=2 max=6 suspended=scheduled',
  });
});

test('a schedule that strikes during the steps has set the bounds for good, whatever comes then', async () => {
  for (const end of ['accepted', 'taken back'] as const) {
    const { state, done, run } = platform({ ...LIVE, suspended: 'none' }, { ...HELD });
    const was = saved(state);
    const own = run(3);
    await own.share('green', was);
    for (const color of ['blue', 'green'] as const)
      Object.assign(state[color], { min: 10, max: 20, count: 10 });
    if (end === 'accepted') {
      for (const scaleIn of [false, true]) await own.handOver('green', was, { scaleIn });
      assert.equal(text(state.green), 'min=10 max=20 suspended=none');
    } else {
      // By the next run: this one was killed.
      await run().restore('blue', was.blue, { scaleIn: true });
      assert.equal(text(state.blue), 'min=10 max=20 suspended=none');
      assert.equal(state.blue.count, 10, 'nothing pulls it down with the users on it');
      await run().restore('green', was.green, { scaleIn: true });
      assert.equal(text(state.green), was.green);
    }
    assert.ok(done.length > 0);
  }
});

test('with scaling in, all of the live one may be suspended: what was before is still remembered', async () => {
  const { state, run } = platform({ ...LIVE, suspended: 'out+scheduled' }, { ...HELD });
  const was = saved(state);
  const own = run(3);
  await own.share('green', was);
  assert.equal(state.blue.suspended, 'in+out+scheduled');
  await own.handOver('green', was, { scaleIn: false });
  assert.equal(state.blue.before, 'out+scheduled');
  await own.handOver('green', was, { scaleIn: true });
  assert.equal(state.green.suspended, 'out+scheduled');
});

test('counts beyond the bounds: AWS would pull them in, so that nothing is told', async () => {
  const { state, done, run } = platform({ ...LIVE, count: 8 }, { ...HELD, count: 8 });
  const was = saved(state);
  await run(8).share('green', was);
  for (const scaleIn of [false, true]) await run().restore('blue', was.blue, { scaleIn });
  assert.deepEqual(done, []);
  const low = platform({ ...LIVE, count: 1 }, { ...HELD, count: 1 });
  await low.run(1).share('green', saved(low.state));
  assert.deepEqual(low.done, ['green: 2..6 in+scheduled'], 'below its minimum nothing scales in');
});

test('back with all users: out at once, with the bounds; in later', async () => {
  const { state, done, run } = platform({ ...LIVE, suspended: 'none' }, { ...HELD });
  const was = saved(state);
  const own = run(3);
  await own.handOver('green', was, { scaleIn: false });
  done.length = 0;
  await own.restore('blue', was.blue, { scaleIn: false });
  assert.deepEqual([done, state.blue.before], [['blue: -..- in'], 'none']);
  await own.restore('blue', was.blue, { scaleIn: true });
  assert.deepEqual(saved(state).blue, was.blue);
});
