import { type Color, otherColor, type PerColor } from '../../release/color.ts';
import type { ScalingPair } from './scalable-targets.ts';
import { same } from './scaling.ts';
import {
  ALL_SUSPENDED,
  encodeSuspended,
  isAsleep,
  isWithin,
  type ScalingState,
  wakened,
  wantedSuspended,
  withoutScalingIn,
} from './scaling-state.ts';

export interface ScalingCalls {
  readonly check: readonly string[];
  readonly hold: readonly string[];
  /** Between the two: while both colors have users. */
  readonly share: readonly string[];
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
    isShared,
  }: {
    readonly to: Color;
    readonly names: PerColor<string>;
    /** What each color runs now, and what the new one is started with. */
    readonly counts: PerColor<number>;
    readonly count: number;
    /** Whether the traffic moves in steps. */
    readonly isShared: boolean;
  },
): ScalingCalls {
  const from = otherColor(to);
  const [old, own] = [pair[from], pair[to]];
  const calls = {
    check: [] as string[],
    hold: [] as string[],
    share: [] as string[],
    handOver: [] as string[],
    complete: [] as string[],
  };
  const confirmed = [from, to].find((color) => {
    const state = pair[color];
    return state !== undefined && isWithin(state, counts[color]);
  });
  if (confirmed !== undefined)
    calls.check.push(
      `application-autoscaling:RegisterScalableTarget ${names[confirmed]}: as it is, to find out whether that is allowed`,
    );
  let now = own;
  if (own !== undefined && !isAsleep(own)) {
    now = asleep(own, count);
    calls.hold.push(register(names[to], now), `ecs:UpdateService ${names[to]}: desiredCount ${count}`);
  }
  let left = old;
  if (isShared && old !== undefined && isWithin(old, counts[from]) && !old.suspended.in) {
    left = withoutScalingIn(old);
    calls.share.push(register(names[from], left));
  }
  if (own !== undefined && now !== undefined) {
    const awake = wakened(own, old);
    const wake = isShared && count <= awake.max ? calls.share : calls.handOver;
    if (!same(now, awake)) wake.push(register(names[to], awake));
    const suspended = wantedSuspended(old ?? own);
    if (!suspended.in) calls.complete.push(register(names[to], { ...awake, suspended }));
  }
  if (old !== undefined && left !== undefined && !isAsleep(old)) {
    calls.handOver.push(`ecs:TagResource ${names[from]}: notes what was suspended before`);
    if (!isAsleep(left)) calls.handOver.push(register(names[from], asleep(old, counts[from])));
  }
  if (own?.before !== undefined)
    calls.complete.push(`ecs:UntagResource ${names[to]}: what was suspended before`);
  return calls;
}

/** Bounds that the count is outside of give way, since AWS would pull it into them. */
const asleep = ({ min, max }: ScalingState, count: number): ScalingState => ({
  min: Math.min(min, count),
  max: Math.max(max, count),
  suspended: ALL_SUSPENDED,
});

const register = (name: string, { min, max, suspended }: ScalingState): string =>
  `application-autoscaling:RegisterScalableTarget ${name}: min ${min}, max ${max}, suspended ${encodeSuspended(suspended)}`;
