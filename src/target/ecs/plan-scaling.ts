import { type Color, otherColor, type PerColor } from '../../release/color.ts';
import type { ScalingPair } from './scalable-targets.ts';
import { same } from './scaling.ts';
import {
  ALL_SUSPENDED,
  encodeSuspended,
  type ScalingState,
  sameSuspended,
  wantedSuspended,
} from './scaling-state.ts';

export interface ScalingCalls {
  readonly check: readonly string[];
  readonly hold: readonly string[];
  /** The first half, with scaling in still held back, and the second. */
  readonly handOver: readonly string[];
  readonly complete: readonly string[];
}

/** The calls by which EcsScaling (scaling.ts) hands a pair of services over. Pure. */
export function scalingCalls(
  pair: ScalingPair,
  {
    to,
    names,
    counts,
    count,
  }: {
    readonly to: Color;
    readonly names: PerColor<string>;
    /** What each color runs now, and what the new one is started with. */
    readonly counts: PerColor<number>;
    readonly count: number;
  },
): ScalingCalls {
  const from = otherColor(to);
  const [old, own] = [pair[from], pair[to]];
  const calls = {
    check: [] as string[],
    hold: [] as string[],
    handOver: [] as string[],
    complete: [] as string[],
  };
  const confirmed = [from, to].find((color) => isWithin(pair[color], counts[color]));
  if (confirmed !== undefined)
    calls.check.push(
      `application-autoscaling:RegisterScalableTarget ${names[confirmed]}: as it is, to find out whether that is allowed`,
    );
  let now = own;
  if (own !== undefined && !sameSuspended(own.suspended, ALL_SUSPENDED)) {
    now = asleep(own, count);
    calls.hold.push(register(names[to], now), `ecs:UpdateService ${names[to]}: desiredCount ${count}`);
  }
  if (own !== undefined && now !== undefined) {
    const suspended = wantedSuspended(old ?? own);
    const { min, max } = old ?? own;
    const awake = { min, max, suspended: { ...suspended, in: true } };
    if (!same(now, awake)) calls.handOver.push(register(names[to], awake));
    if (!suspended.in) calls.complete.push(register(names[to], { ...awake, suspended }));
  }
  if (old !== undefined && !sameSuspended(old.suspended, ALL_SUSPENDED))
    calls.handOver.push(
      `ecs:TagResource ${names[from]}: notes what was suspended before`,
      register(names[from], asleep(old, counts[from])),
    );
  if (own?.before !== undefined)
    calls.complete.push(`ecs:UntagResource ${names[to]}: what was suspended before`);
  return calls;
}

const isWithin = (state: ScalingState | undefined, count: number): boolean =>
  state !== undefined && count >= state.min && count <= state.max;

/** Bounds that the count is outside of give way, since AWS would pull it into them. */
const asleep = ({ min, max }: ScalingState, count: number): ScalingState => ({
  min: Math.min(min, count),
  max: Math.max(max, count),
  suspended: ALL_SUSPENDED,
});

const register = (name: string, { min, max, suspended }: ScalingState): string =>
  `application-autoscaling:RegisterScalableTarget ${name}: min ${min}, max ${max}, suspended ${encodeSuspended(suspended)}`;
