import type { CheckSubject } from '../check/check.ts';
import { DeployError } from '../errors.ts';
import { allOn, type Color, formatWeights, share, type Weights } from './color.ts';
import { converge, provenByCount } from './converge.ts';
import { movedByHand } from './foreign-weights.ts';
import { diagnosis, isProven } from './health.ts';
import { change, type LockedSession, patiently, step } from './session.ts';
import type { Situation } from './situation.ts';
import { watched } from './watch/watched.ts';
import type { Watcher } from './watch/watcher.ts';

/** When traffic was given to a color, and whether the answers have proven that every address follows. */
export interface Shifted {
  readonly shiftedAt: number;
  readonly proven: boolean;
}

export interface ShiftOptions {
  /** What gets the traffic. */
  readonly subject: CheckSubject;
  /** Absent where it moves at once. */
  readonly gradual?: Gradual;
  /** Told before each move. */
  readonly moves?: () => void;
  /** Told as soon as users may have the release. */
  readonly done: () => void;
}

interface Gradual {
  /** The shares, in percent, that the release gets before it gets all, each for `every` ms. */
  readonly steps: readonly number[];
  readonly every: number;
  /** Looks at it meanwhile. */
  readonly watch: Watcher;
  /** Done once, when the release has its first share. */
  readonly begun: () => Promise<void>;
}

/** Gives the new color the traffic, in steps or at once, after one more proof in the moment before. */
export const shift = (session: LockedSession, options: ShiftOptions): Promise<Shifted> => {
  const { subject, gradual } = options;
  const to = subject.color;
  return step(
    session,
    'shift',
    gradual?.steps.length
      ? `Shift traffic to ${to} in ${gradual.steps.length + 1} steps`
      : `Switch traffic to ${to}`,
    async () => {
      const { colors, live } = await prove(session, to);
      // With nothing there, most users would have no answer until the last step, and nobody to compare with.
      if (gradual !== undefined && colors[live].running > 0) await takeSteps(session, options, gradual);
      await move(session, allOn(to), options);
      const shiftedAt = session.clock.now();
      const proven = await converge(session, subject, 'is');
      await provenByCount(session, { strict: false });
      return { shiftedAt, proven };
    },
    () => formatWeights(allOn(to)),
  );
};

async function takeSteps(
  session: LockedSession,
  options: ShiftOptions,
  { steps, every, watch, begun }: Gradual,
): Promise<void> {
  const { color } = options.subject;
  for (const [index, percent] of steps.entries()) {
    const weights = share(color, percent);
    await move(session, weights, options);
    if (index === 0) await begun();
    session.emit({ type: 'progress', message: `Watching ${color} with ${percent} % of the traffic.` });
    await watched(session, watch, { weights, duration: every, last: false });
    watch.moved();
  }
}

async function move(session: LockedSession, weights: Weights, { moves, done }: ShiftOptions): Promise<void> {
  moves?.();
  await change(session, () => session.target.shift(weights));
  done();
  session.emit({ type: 'weights', weights });
}

/** @throws DeployError where the color is not healthy in this very moment, or has traffic already */
async function prove(session: LockedSession, to: Color): Promise<Situation> {
  const health = await patiently(session, () => session.target.health(to));
  if (!isProven(health)) {
    const known = health.failure ?? (await diagnosis(session, to));
    throw new DeployError(
      `${to} is no longer healthy (${known?.reason ?? health.detail}): traffic stays where it is.`,
      {
        code: known?.code ?? 'not-proven',
        hint:
          known?.hint ??
          'It was healthy before: look at its log for a crash, and set health.stable-for to notice it earlier.',
        details: known?.details ?? [],
      },
    );
  }
  const situation = await patiently(session, () => session.target.inspect());
  if (situation.live === to || situation.weights[to] !== 0) throw movedByHand(situation.weights);
  return situation;
}
