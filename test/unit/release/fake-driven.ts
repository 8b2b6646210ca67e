import { DeployError } from '../../../src/errors.ts';
import { allOn, type Color, isAllOn, otherColor } from '../../../src/release/color.ts';
import type { Release, Standing } from '../../../src/release/situation.ts';
import {
  type DrivenTarget,
  hasCome,
  type PausePoint,
  ROLLOUT_STAGES,
  type Rollout,
  type RolloutStage,
} from '../../../src/target/driven.ts';
import type { Failure, Target } from '../../../src/target/target.ts';
import { FakePlatform, type Intercept } from './fake-target.ts';

/** How long the platform is at each stage, in ms. */
const STAGE_MS = 5_000;

/** A pause for the smoke tests. */
export const GATE: PausePoint = { stage: 'testable', name: 'AFTER_TEST_TRAFFIC', otherwise: 'goes back' };

interface Kept {
  readonly id: string;
  readonly release: Release;
  readonly color: Color;
  /** What the color held before. */
  readonly parked: Release | undefined;
  stage: RolloutStage;
  state: Rollout['state'];
  /** When it came to its stage and state, ms. */
  since: number;
  failure?: Failure;
  /** The names of the pauses that it was told to go on from. */
  readonly passed: string[];
}

/** A platform in memory that brings releases up and moves the traffic by itself, as time goes by. */
export class FakeDrivenPlatform extends FakePlatform {
  pausePoints: readonly PausePoint[] = [];
  /** The ids of the releases that users were taken away from. */
  readonly rejected: string[] = [];
  readonly #rollouts: Kept[] = [];

  begin(release: Release): void {
    const last = this.#rollouts.at(-1);
    if (last?.release.id === release.id && last.state === 'under-way') return;
    const color = otherColor(this.#live());
    const slot = this.slots[color];
    this.#rollouts.push({
      id: `rollout-${this.#rollouts.length + 1}`,
      release,
      color,
      parked: slot.release,
      stage: 'starting',
      state: 'under-way',
      since: this.clock.now(),
      passed: [],
    });
    this.changeSlot(color, { release, desired: this.slots[this.#live()].desired });
  }

  newest(): Rollout | undefined {
    const last = this.#rollouts.at(-1);
    return last && this.observe(last.id);
  }

  observe(id: string): Rollout {
    const kept = this.#rollouts.find((rollout) => rollout.id === id);
    if (kept === undefined) throw new DeployError(`no ${id}`, { code: 'rollout-gone' });
    this.#advance(kept);
    const { release, color, stage, state, failure } = kept;
    const pause = this.#pauseOf(kept);
    return {
      id,
      release,
      color,
      stage,
      state,
      at: pause?.name ?? stage,
      told: `${stage} (${state})`,
      weights: this.weights,
      ...(failure && { failure }),
      ...(pause && { pause: { id: pause.name, otherwise: pause.otherwise } }),
    };
  }

  goOn(id: string, pause: string): void {
    const kept = this.#rollouts.find((rollout) => rollout.id === id)!;
    kept.passed.push(pause);
    kept.since = this.clock.now();
  }

  /** Users get the former release at once, then the new one is taken away. */
  callBack(id: string, failure?: Failure): void {
    const kept = this.#rollouts.find((rollout) => rollout.id === id)!;
    if (kept.state !== 'under-way') return;
    const reason = 'the platform rolls the deployment back';
    this.#become(kept, 'going-back', failure ?? { code: 'platform-rolled-back', reason, details: [] });
    const from = otherColor(kept.color);
    if (!isAllOn(this.weights, from)) this.setWeights(allOn(from));
  }

  /** The platform gives up on its newest rollout, and does nothing more about it. */
  giveUp(): void {
    const reason = 'the platform gave up';
    this.#become(this.#rollouts.at(-1)!, 'stopped', { code: 'platform-stalled', reason, details: [] });
  }

  remember(id: string, standing: Standing): void {
    for (const slot of Object.values(this.slots))
      if (slot.release?.id === id) Object.assign(slot, { standing, standingOf: id });
    if (standing === 'rolled-back') this.rejected.push(id);
  }

  #live(): Color {
    return this.weights.blue === 100 ? 'blue' : 'green';
  }

  /** Somebody else's deployment takes the place of the newest, and keeps its traffic. */
  replace(): void {
    const reason = 'another deployment took the place of ours';
    this.#become(this.#rollouts.at(-1)!, 'stopped', { code: 'superseded', reason, details: [] });
  }

  #pauseOf({ stage, state, passed }: Kept): PausePoint | undefined {
    if (state !== 'under-way') return undefined;
    return this.pausePoints.find((point) => point.stage === stage && !passed.includes(point.name));
  }

  #become(kept: Kept, state: Rollout['state'], failure?: Failure): void {
    Object.assign(kept, { state, since: this.clock.now() }, failure && { failure });
  }

  #advance(kept: Kept): void {
    while (this.clock.now() - kept.since >= STAGE_MS && this.#pauseOf(kept) === undefined) {
      if (kept.state === 'under-way') this.#nextStage(kept);
      else if (kept.state === 'going-back') {
        kept.state = 'gone-back';
        Object.assign(this.slots[kept.color], { release: kept.parked, desired: 0 });
      } else return;
      kept.since += STAGE_MS;
    }
  }

  #nextStage(kept: Kept): void {
    if (hasCome(kept, 'clearing')) {
      kept.state = 'done';
      this.slots[otherColor(kept.color)].desired = 0;
      return;
    }
    kept.stage = ROLLOUT_STAGES[ROLLOUT_STAGES.indexOf(kept.stage) + 1]!;
    if (kept.stage === 'shifted') this.setWeights(allOn(kept.color));
  }
}

/** One run's view of the platform; every call passes `intercept` on its way there and back. */
export function driven(
  platform: FakeDrivenPlatform,
  target: Target,
  intercept: Intercept = () => {},
): Target & DrivenTarget {
  const call = async <T>(name: string, body: () => T): Promise<T> => {
    await intercept(name, 'before');
    const value = body();
    await intercept(name, 'after');
    return value;
  };
  return {
    ...target,
    moves: 'by-itself',
    pausePoints: () => call('pausePoints', () => platform.pausePoints),
    begin: (release) => call('begin', () => platform.begin(release)),
    begun: (release) =>
      call('begun', () => {
        const newest = platform.newest();
        return newest?.release.id === release.id ? newest.id : undefined;
      }),
    newest: () => call('newest', () => platform.newest()),
    observe: (id) => call('observe', () => platform.observe(id)),
    goOn: (id, pause) => call('goOn', () => platform.goOn(id, pause.id)),
    callBack: (id) => call('callBack', () => platform.callBack(id)),
    accepted: (release, former) =>
      call('accepted', () => {
        platform.remember(release, 'was-live');
        if (former !== '') platform.remember(former, 'was-live');
      }),
    rejected: (release) => call('rejected', () => platform.remember(release, 'rolled-back')),
  };
}
