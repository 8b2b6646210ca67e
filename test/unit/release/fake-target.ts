import { DeployError } from '../../../src/errors.ts';
import type { Clock } from '../../../src/release/clock.ts';
import { COLORS, type Color, otherColor, type PerColor, type Weights } from '../../../src/release/color.ts';
import { decodeJournal, type JournalRecord } from '../../../src/release/journal.ts';
import type { Release, Situation, Standing } from '../../../src/release/situation.ts';
import type { Move } from '../../../src/target/plan.ts';
import type { Signals } from '../../../src/target/signals.ts';
import type {
  Following,
  Health,
  Lease,
  LockOwner,
  LockState,
  Problem,
  Target,
} from '../../../src/target/target.ts';

/** Time that only moves when everybody sleeps: waits cost nothing, and their length is exact. */
export class VirtualClock implements Clock {
  #now = 1_700_000_000_000;
  readonly #sleepers: { at: number; wake: () => void }[] = [];
  #idle = false;

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        this.#remove(sleeper);
        reject(signal.reason);
      });
      this.#advanceWhenIdle();
    });
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  #remove(sleeper: { at: number; wake: () => void }): void {
    const index = this.#sleepers.indexOf(sleeper);
    if (index >= 0) this.#sleepers.splice(index, 1);
  }

  #advanceWhenIdle(): void {
    if (this.#idle) return;
    this.#idle = true;
    // After every microtask that can still run: then whoever sleeps shortest is next.
    setImmediate(() => {
      this.#idle = false;
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) return;
      this.#remove(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      if (this.#sleepers.length > 0) this.#advanceWhenIdle();
    });
  }
}

interface Slot {
  release: Release | undefined;
  desired: number;
  standing: Standing;
  standingOf: string;
  /** When users got it. */
  liveSince?: number;
  /** When the instances that run now become healthy, ms. */
  healthyAt: number;
}

/** What an image does: the fake's whole idea of an application. */
export type Behavior = 'good' | 'never-healthy' | 'crashes';

/**
 * A platform in memory, which the runs of a test share, with the data plane's lag. It checks the promises at every
 * change: what would hurt a user is recorded in `violations`.
 */
export class FakePlatform {
  readonly clock = new VirtualClock();
  readonly slots: Record<Color, Slot> = {
    blue: { release: undefined, desired: 0, standing: 'unknown', standingOf: '', healthyAt: 0 },
    green: { release: undefined, desired: 0, standing: 'unknown', standingOf: '', healthyAt: 0 },
  };
  signals: Signals = {};
  weights: Weights = { blue: 100, green: 0 };
  /** The weights that users meet, each from its time on. */
  readonly effective: { at: number; weights: Weights }[] = [];
  record: { color: Color; record: JournalRecord } | undefined;
  lock: LockState | undefined;
  previewKept = false;
  /** How the platform scales each color by itself; `HELD` not at all. Nothing where no color is scaled. */
  scaling: Record<Color, string> | undefined;
  /** What preflight finds. */
  problems: readonly Problem[] = [];
  readonly violations: string[] = [];
  readonly behaviors = new Map<string, Behavior>();
  /** What is known of the way that requests take. */
  following = (): Following => ({ follows: 'unknown' });
  readonly propagationMs = 10_000;
  #locks = 0;

  run(color: Color, image: string, count: number, standing: Standing = 'was-live'): void {
    const release = { id: `id-${image}`, image };
    this.slots[color] = { release, desired: count, standing, standingOf: release.id, healthyAt: 0 };
  }

  /** Colors which some node of the data plane may still send users to. */
  reachable(): Color[] {
    const now = this.clock.now();
    const lagging = this.effective
      .filter((_, index) => {
        const next = this.effective[index + 1];
        return next === undefined || next.at + this.propagationMs > now;
      })
      .map(({ weights }) => weights);
    return COLORS.filter((color) => [this.weights, ...lagging].some((weights) => weights[color] > 0));
  }

  healthOf(color: Color): Health {
    const { release, desired, healthyAt } = this.slots[color];
    const behavior = this.behaviors.get(release?.image ?? '') ?? 'good';
    if (behavior === 'crashes')
      return {
        ready: 0,
        wanted: desired,
        detail: '2 tasks stopped',
        failure: { reason: 'exit 1', details: ['task a: exit 1'] },
      };
    const ready = behavior === 'good' && this.clock.now() >= healthyAt ? desired : 0;
    return { ready, wanted: desired, detail: `${ready} of ${desired} healthy` };
  }

  setWeights(weights: Weights): void {
    for (const color of COLORS) {
      const health = this.healthOf(color);
      if (weights[color] > 0 && (health.ready < health.wanted || health.wanted === 0))
        this.violations.push(`traffic given to ${color}, which is not healthy (${health.detail})`);
    }
    if (this.effective.length === 0) this.effective.push({ at: 0, weights: this.weights });
    this.effective.push({ at: this.clock.now(), weights });
    this.weights = weights;
  }

  changeSlot(color: Color, change: Partial<Slot>): void {
    const fewer = (change.desired ?? 0) < this.slots[color].desired || change.release !== undefined;
    if (fewer && this.reachable().includes(color) && this.slots[color].desired > 0)
      this.violations.push(`${color} was changed while users could reach it`);
    const colder = this.slots[color].desired === 0 || change.release !== undefined;
    Object.assign(this.slots[color], change, colder ? { healthyAt: this.clock.now() + 3_000 } : {});
  }

  /** Like AWS, it pulls a parked color into its bounds whenever it is told anything about its scaling. */
  setScaling(color: Color, to: string): void {
    if (this.scaling === undefined || this.scaling[color] === to) return;
    if (to === HELD && this.weights[color] > 0)
      this.violations.push(`${color} can't grow although it has the users`);
    if (this.slots[color].desired === 0) this.violations.push(`${color} was woken`);
    this.scaling[color] = to;
  }

  takeLock(owner: LockOwner, ttlMs: number): string | undefined {
    if (this.lock !== undefined) return undefined;
    this.#locks += 1;
    this.lock = { owner, expires: this.clock.now() + ttlMs, handle: `lock-${this.#locks}` };
    return this.lock.handle;
  }
}

export const HELD = 'held';

/** Called before and after the platform does what a run asked for. Throw or hang to break the run there. */
export type Intercept = (call: string, when: 'before' | 'after') => Promise<void> | void;

/** One run's view of the platform; every call passes `intercept` on its way there and back. */
export function fakeTarget(platform: FakePlatform, intercept: Intercept = () => {}): Target {
  const call = async <T>(name: string, body: () => T): Promise<T> => {
    await intercept(name, 'before');
    const value = body();
    await intercept(name, 'after');
    return value;
  };
  const lease = (handle: string, ttlMs: number): Lease => {
    const mine = () => {
      if (platform.lock?.handle !== handle) throw new DeployError('lost', { code: 'lock-lost' });
      return platform.lock;
    };
    return {
      handle,
      renew: () =>
        call('renew', () => {
          platform.lock = { ...mine(), expires: platform.clock.now() + ttlMs };
        }),
      release: ({ keepPreview }) =>
        call('release', () => {
          if (platform.lock?.handle !== handle) return;
          platform.previewKept = keepPreview;
          platform.lock = keepPreview ? { ...platform.lock, expires: platform.clock.now() } : undefined;
        }),
    };
  };
  const situation = (): Situation => {
    const { weights, slots, record } = platform;
    const journal = record === undefined ? undefined : decodeJournal(record.record);
    const state = (color: Color) => {
      const { release, desired, standing, standingOf, liveSince } = slots[color];
      return {
        release,
        desired,
        running: desired,
        standing: standingOf === release?.id ? standing : ('unknown' as const),
        ...(standingOf === release?.id && liveSince !== undefined && { liveSince }),
      };
    };
    const live =
      weights.blue > 0 && weights.green === 0
        ? 'blue'
        : weights.green > 0 && weights.blue === 0
          ? 'green'
          : (journal?.from ?? 'blue');
    return { live, weights, colors: { blue: state('blue'), green: state('green') }, journal };
  };
  return {
    kind: 'docker',
    description: 'a platform in memory',
    propagationMs: platform.propagationMs,
    signals: platform.signals,
    inspect: () => call('inspect', situation),
    lock: {
      read: () => call('lock.read', () => platform.lock),
      acquire: async (owner, ttlMs) => {
        const handle = await call('lock.acquire', () => platform.takeLock(owner, ttlMs));
        return handle === undefined ? undefined : lease(handle, ttlMs);
      },
      resume: (handle, ttlMs) =>
        call('lock.resume', () => (platform.lock?.handle === handle ? lease(handle, ttlMs) : undefined)),
      break: ({ handle }) =>
        call('lock.break', () => {
          if (platform.lock?.handle === handle) platform.lock = undefined;
        }),
    },
    journal: {
      write: (color, record) =>
        call(`journal ${record['phase']}`, () => {
          platform.record = { color, record };
        }),
      clear: () =>
        call('journal clear', () => {
          platform.record = undefined;
        }),
    },
    preflight: () => call('preflight', () => platform.problems),
    plan: ({ image }, course) =>
      call('plan', () => {
        const { release } =
          COLORS.map((color) => platform.slots[color]).find((slot) => slot.release?.image === image) ?? {};
        return { image, release, changes: [], calls: course(release).map(describeMove), notes: [] };
      }),
    prepare: () => call('prepare', () => undefined),
    createRelease: ({ image }) => call('createRelease', () => ({ id: `id-${image}`, image })),
    findRelease: (tag) =>
      call('findRelease', () =>
        tag === 'v0' ? { id: 'id-shop:v0', image: 'shop:v0', standing: 'was-live' as const } : undefined,
      ),
    start: (color, release, count) =>
      call('start', () => {
        const same = platform.slots[color].release?.id === release.id;
        platform.changeSlot(color, same ? { desired: count } : { release, desired: count });
      }),
    health: (color) => call('health', () => platform.healthOf(color)),
    diagnose: (color) =>
      call('diagnose', () => ({ reason: platform.healthOf(color).detail, details: [`log of ${color}`] })),
    shift: (weights) => call('shift', () => platform.setWeights(weights)),
    splitting: () => Promise.resolve([]),
    following: () => Promise.resolve(platform.following()),
    lingerMs: () => Promise.resolve(0),
    inFlight: () => Promise.resolve('unknown'),
    park: (color, keep) => call('park', () => platform.changeSlot(color, { desired: keep })),
    restore: (color, releaseId, count) =>
      call('restore', () => {
        const image = releaseId.replace('id-', '');
        const release = releaseId === '' ? undefined : { id: releaseId, image };
        if (platform.slots[color].release?.id === releaseId) platform.changeSlot(color, { desired: count });
        else platform.changeSlot(color, { release, desired: count });
      }),
    mark: (color, standing, liveSince) =>
      call('mark', () => {
        Object.assign(platform.slots[color], {
          standing,
          liveSince,
          standingOf: platform.slots[color].release?.id ?? '',
        });
      }),
    scaling: {
      save: () => call('scaling.save', () => ({ colors: { blue: '', green: '', ...platform.scaling } })),
      hold: (color) => call('scaling.hold', () => platform.setScaling(color, HELD)),
      share: async (to: Color, saved: PerColor<string>) => {
        const rule = `${saved[otherColor(to)]}, out only`;
        await call('scaling.share from', () => platform.setScaling(otherColor(to), rule));
        await call('scaling.share to', () => platform.setScaling(to, rule));
      },
      handOver: async (to: Color, saved: PerColor<string>, { scaleIn }) => {
        const rule = saved[otherColor(to)];
        await call('scaling.handOver to', () => {
          // The second time only completes the first.
          if (!scaleIn) platform.setScaling(to, `${rule}, out only`);
          else if (platform.scaling?.[to] === `${rule}, out only`) platform.setScaling(to, rule);
        });
        await call('scaling.handOver from', () => platform.setScaling(otherColor(to), HELD));
      },
      restore: (color, saved, { scaleIn }) =>
        call('scaling.restore', () => platform.setScaling(color, scaleIn ? saved : `${saved}, out only`)),
    },
    preview: () =>
      call('preview', () => ({ url: 'http://preview', headers: {}, since: platform.clock.now() - 60_000 })),
    close: () => Promise.resolve(),
  };
}

/** A move, as the calls that a run makes on the fake are called. */
function describeMove(move: Move): string {
  switch (move.do) {
    case 'lock':
      return 'lock.acquire';
    case 'check':
      return 'preflight';
    case 'create-release':
      return 'createRelease';
    case 'note':
      return `journal ${move.phase}`;
    case 'hold-scaling':
      return 'scaling.hold';
    case 'share-scaling':
      return 'scaling.share';
    case 'hand-scaling-over':
      return 'scaling.handOver';
    case 'forget':
      return 'journal clear';
    case 'unlock':
      return 'release';
    default:
      return move.do;
  }
}
