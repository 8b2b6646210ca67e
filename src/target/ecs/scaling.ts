import type { EcsSettings } from '../../config/environment.ts';
import { COLORS, type Color, otherColor, type PerColor } from '../../release/color.ts';
import type { SavedScaling, Scaling } from '../target.ts';
import type { Aws } from './aws.ts';
import { ScalableTargets, type ScalingPair } from './scalable-targets.ts';
import {
  ALL_SUSPENDED,
  decodeScaling,
  decodeSuspended,
  encodeScaling,
  encodeSuspended,
  isAsleep,
  isWithin,
  type ScalingState,
  sameSuspended,
  wakened,
  wantedSuspended,
  withoutScalingIn,
} from './scaling-state.ts';
import type { ServicePair, Services } from './services.ts';
import { TAG_PREFIX, tagMap } from './tags.ts';

/**
 * What was suspended on a parked color before we suspended all of it: written before that is done, gone when it is
 * live again. So a color that gets live by other hands, or alone has a scalable target, is not left asleep.
 */
const BEFORE_TAG = `${TAG_PREFIX}suspended-before`;

export interface EcsScalingOptions {
  readonly aws: Aws;
  readonly settings: EcsSettings;
  readonly services: ServicePair;
  /** The count that this run asked for; nothing where it didn't: what ECS shows may still be the picture before it. */
  readonly asked: (color: Color) => number | undefined;
  readonly carriesTraffic: (color: Color) => Promise<boolean>;
}

/** Hands Application Auto Scaling over from one color's service to the other's. */
export class EcsScaling implements Scaling {
  readonly #options: EcsScalingOptions;
  readonly #targets: ScalableTargets;
  /** The colors that this run has woken: their bounds, and their count, are for AWS and schedules to change since. */
  readonly #woken = new Set<Color>();

  constructor(options: EcsScalingOptions) {
    this.#options = options;
    this.#targets = new ScalableTargets(options.aws, options.settings);
  }

  /**
   * Makes sure beforehand that the hand-over is allowed. IAM has no other way to ask for
   * RegisterScalableTarget than to call it: with what is set already, which changes nothing.
   */
  async check(services: Services, live: Color): Promise<void> {
    if (this.#options.settings.autoscaling === 'ignore') return;
    const states = await this.#targets.describe();
    for (const color of [live, otherColor(live)]) {
      const state = states[color];
      const count = services[color].desiredCount ?? 0;
      if (state === undefined || !isWithin(state, count)) continue;
      await this.#targets.confirm(color, { suspended: state.suspended });
      return;
    }
  }

  async save(): Promise<SavedScaling> {
    if (this.#options.settings.autoscaling === 'ignore') return { colors: { blue: '', green: '' } };
    const { services: names } = this.#options.settings;
    const states = await this.#states();
    const [lonely] = COLORS.filter((color) => states[color] && states[otherColor(color)] === undefined);
    const warning =
      lonely === undefined
        ? undefined
        : `Service ${names[lonely]} has a scalable target and ${names[otherColor(lonely)]} has none: while ${otherColor(lonely)} is live, its count stays as it is. Give both services one, with the same policies.`;
    return { colors: { blue: encodeScaling(states.blue), green: encodeScaling(states.green) }, warning };
  }

  async hold(color: Color): Promise<void> {
    const state = (await this.#states())[color];
    if (state === undefined || isAsleep(state)) return;
    const { services, asked } = this.#options;
    const count = asked(color);
    await this.#suspend(color, state, count ?? (await services.describe())[color].desiredCount ?? 0);
    // A policy may have struck between the start and this.
    if (count !== undefined) await services.update(color, { desiredCount: count });
  }

  /**
   * Schedules of the old color are left to strike, though one may lower its maximum: they know nothing of its share, so
   * that what they want is what their owner wants for all of the traffic; and AWS never makes up for one that it skipped
   * (a minimum for the morning would be missing until the next day, wherever the users are then).
   */
  async share(to: Color, saved: PerColor<string>): Promise<void> {
    const from = otherColor(to);
    const [old, own] = [decodeScaling(saved[from]), decodeScaling(saved[to])];
    const now = await this.#states();
    const services = await this.#options.services.recent();
    const count = (color: Color) => services[color].desiredCount ?? 0;
    if (old !== undefined && now[from] !== undefined && isWithin(now[from], count(from)))
      await this.#set(from, now[from], withoutScalingIn(now[from]));
    if (own === undefined || now[to] === undefined) return;
    const awake = wakened(own, old);
    // It could not grow anyway, and AWS would pull it down.
    if (count(to) > awake.max) return;
    await this.#set(to, now[to], awake);
    this.#woken.add(to);
  }

  async handOver(to: Color, saved: PerColor<string>, { scaleIn }: { scaleIn: boolean }): Promise<void> {
    const from = otherColor(to);
    const [old, own] = [decodeScaling(saved[from]), decodeScaling(saved[to])];
    const now = await this.#states();
    const { services } = this.#options;
    if (own !== undefined && now[to] !== undefined) {
      const awake = wakened(own, old);
      const suspended = scaleIn ? wantedSuspended(old ?? own) : awake.suspended;
      // The bounds go over once: what somebody, or a schedule, sets on the color from then on is theirs.
      const { min, max } = scaleIn || this.#woken.has(to) ? now[to] : awake;
      await this.#set(to, now[to], { min, max, suspended });
      this.#woken.add(to);
    }
    const described = await services.describe();
    if (old !== undefined && now[from] !== undefined) {
      const wanted = wantedSuspended(old);
      const sleeps = isAsleep(now[from]);
      // With scaling in, `share` may have suspended the last that was not: all is, and nothing remembers what was.
      if (!sleeps || (now[from].before === undefined && !sameSuspended(wanted, ALL_SUSPENDED)))
        await services.tag(described[from], { [BEFORE_TAG]: encodeSuspended(wanted) });
      if (!sleeps) await this.#suspend(from, now[from], described[from].desiredCount ?? 0);
    }
    if (scaleIn && tagMap(described[to].tags).has(BEFORE_TAG))
      await services.untag(described[to], [BEFORE_TAG]);
  }

  async restore(color: Color, saved: string, { scaleIn }: { scaleIn: boolean }): Promise<void> {
    const former = decodeScaling(saved);
    const now = (await this.#states())[color];
    if (former === undefined || now === undefined) return;
    // It grows already; and to be told anything would pull a count into its bounds that somebody set beyond them.
    if (!scaleIn && !isAsleep(now)) return;
    const { services, asked, carriesTraffic } = this.#options;
    const described = (await services.describe())[color];
    // A color with users that never slept has its bounds from before the run, or from a schedule that struck since:
    // to put those back would pull its count down.
    const isTheirs = !sameBounds(former, now) && !isAsleep(now) && (await carriesTraffic(color));
    const state = isTheirs ? { ...now, suspended: former.suspended, before: former.before } : former;
    const count = (this.#woken.has(color) ? undefined : asked(color)) ?? described.desiredCount ?? 0;
    const within = Math.min(state.max, Math.max(state.min, count));
    // AWS would pull the count into the bounds, in its own time, and perhaps only after we parked the color.
    if (!same(state, now) && within !== count && !(await carriesTraffic(color)))
      await services.update(color, { desiredCount: within });
    await this.#set(color, now, scaleIn ? state : withoutScalingIn(state));
    this.#woken.delete(color);
    if (scaleIn && state.before === undefined) await services.untag(described, [BEFORE_TAG]);
  }

  close(): Promise<void> {
    return this.#targets.close();
  }

  async #states(): Promise<ScalingPair> {
    const targets = await this.#targets.describe();
    if (targets.blue === undefined && targets.green === undefined)
      return { blue: undefined, green: undefined };
    const services = await this.#options.services.describe();
    const stateOf = (color: Color) => {
      const before = decodeSuspended(tagMap(services[color].tags).get(BEFORE_TAG) ?? '');
      return targets[color] === undefined ? undefined : { ...targets[color], before };
    };
    return { blue: stateOf('blue'), green: stateOf('green') };
  }

  async #set(color: Color, now: ScalingState, wanted: ScalingState): Promise<void> {
    if (same(now, wanted)) return;
    const { min, max, suspended } = wanted;
    await this.#targets.register(color, {
      ...(min === now.min ? {} : { min }),
      ...(max === now.max ? {} : { max }),
      suspended,
    });
  }

  /** Suspends all; bounds that the count is outside of give way, since AWS would pull it into them at once. */
  #suspend(color: Color, now: ScalingState, count: number): Promise<void> {
    return this.#targets.register(color, {
      ...(count < now.min ? { min: count } : {}),
      ...(count > now.max ? { max: count } : {}),
      suspended: ALL_SUSPENDED,
    });
  }
}

export const same = (a: ScalingState, b: ScalingState) =>
  sameBounds(a, b) && sameSuspended(a.suspended, b.suspended);

const sameBounds = (a: ScalingState, b: ScalingState) => a.min === b.min && a.max === b.max;
