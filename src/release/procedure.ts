import { toDeployError } from '../errors.ts';
import { type DrivenTarget, isDriven } from '../target/driven.ts';
import type { Platform, Preview, Target } from '../target/target.ts';
import type { Ended } from './attempt.ts';
import { COLORS, type Color, isAllOn, otherColor } from './color.ts';
import { abort, deploy, promote, stageOnly } from './deploy.ts';
import { operateDriven, resumeDriven } from './driven/run.ts';
import type { EventBody } from './events.ts';
import { holding, withLock } from './lock.ts';
import type { Outcome } from './outcome.ts';
import { plan } from './plan.ts';
import { look, recover } from './recover.ts';
import { rollback } from './rollback.ts';
import { abandonable, patiently, type Session } from './session.ts';
import { setup } from './setup.ts';
import { type Release, runningImage, type Situation } from './situation.ts';
import { refuseAbort, refusePromote } from './staged.ts';
import { status } from './status.ts';
import { watch } from './watch-operation.ts';

/** Of a platform whose traffic we move ourselves, or of one that moves it. */
export type AnySession = Session<Target | DrivenTarget>;

const isDrivenSession = (session: AnySession): session is Session<DrivenTarget> => isDriven(session.target);

/**
 * Runs the operation and tells how it ended. It throws nothing: a failure is an outcome, and the state of the target
 * is read once more for it, so that `liveColor` is true after every end.
 */
export async function run(session: AnySession): Promise<Outcome> {
  let ended: Ended;
  let seen: Situation | undefined;
  const emit = (event: EventBody) => {
    if (event.type === 'situation') seen = event.situation;
    if (event.type === 'weights' && seen !== undefined) {
      const live = COLORS.find((color) => isAllOn(event.weights, color)) ?? seen.live;
      seen = { ...seen, live, weights: event.weights };
    }
    session.emit(event);
  };
  try {
    const own: AnySession = { ...session, emit };
    ended = await (isDrivenSession(own) ? operateDriven(own) : operate(own as Session));
  } catch (thrown) {
    const error = toDeployError(thrown);
    ended = { result: 'failed', summary: error.message, error, end: 'release' };
  }
  const outcome = await conclude(session, ended, () => seen);
  session.emit({ type: 'outcome', outcome });
  return outcome;
}

/** Takes up a run whose process was cancelled or killed: finishes or undoes it. The post step's whole work. */
export async function resume(session: AnySession, handle: string): Promise<'nothing-to-do' | 'recovered'> {
  return isDrivenSession(session) ? resumeDriven(session, handle) : resumeOwn(session as Session, handle);
}

async function resumeOwn(session: Session, handle: string): Promise<'nothing-to-do' | 'recovered'> {
  const { target, job } = session;
  const lease = await patiently(session, () => target.lock.resume(handle, job.policy.lock.ttl));
  if (lease === undefined) return 'nothing-to-do';
  return holding(session, lease, async (locked) => {
    const situation = await patiently(locked, () => locked.target.inspect());
    const { journal } = situation;
    if (journal === undefined) return { value: 'nothing-to-do' as const, end: 'release' };
    // A promote that is undone is still recorded as staged: then only what stands there tells.
    const there = situation.colors[otherColor(journal.from)].release?.id;
    if (journal.phase === 'staged' && there === journal.release)
      return { value: 'nothing-to-do' as const, end: 'release-keep-preview' };
    await recover(locked, { resuming: true });
    return { value: 'recovered' as const, end: 'release' };
  });
}

async function operate(session: Session): Promise<Ended> {
  const { operation } = session.job;
  if (operation === 'status') return status(session);
  if (operation === 'plan') return plan(session);
  if (operation === 'watch') return watch(session, { rollback });
  if (operation === 'promote') {
    // Before the lock, which would close the preview that people are looking at.
    const refusal = refusePromote(session.job, await look(session));
    if (refusal !== undefined) throw refusal;
  }
  if (operation === 'abort') {
    const refusal = refuseAbort(session.job, (await look(session)).journal);
    if (refusal !== undefined) throw refusal;
  }
  return withLock(session, async (locked) => {
    const ended = await operations[operation](locked);
    return { value: ended, end: ended.end };
  });
}

const operations = { deploy, stage: stageOnly, promote, abort, rollback, setup };

/** Reads the target once more, so that what is reported is what is true; at worst, what was seen last. */
async function conclude(
  session: Session<Platform>,
  { result, summary, error, seen }: Ended,
  lastSeen: () => Situation | undefined,
): Promise<Outcome> {
  const after = { ...session, signal: AbortSignal.timeout(10_000) };
  let situation: Situation | undefined;
  let preview: Preview | undefined;
  try {
    const read = <T>(body: () => Promise<T>) => abandonable(after.signal, body);
    situation = seen ?? (await patiently(after, () => read(() => session.target.inspect())));
    session.emit({ type: 'situation', situation });
    // Where somebody moved the traffic since, asking would turn the way there: looking changes nothing.
    const { journal, live } = situation;
    if (journal?.phase === 'staged' && live === journal.from && session.job.operation !== 'plan')
      preview = await read(() => session.target.preview());
    if (preview !== undefined)
      session.emit({
        type: 'preview',
        url: preview.lastingUrl ?? preview.url,
        headers: preview.headers,
      });
  } catch (thrown) {
    situation ??= lastSeen();
    if (situation !== undefined)
      session.emit({
        type: 'warning',
        message: `What is reported was seen before the end: ${toDeployError(thrown).message}`,
      });
  }
  const base = { result, summary, error, previewUrl: preview?.lastingUrl ?? preview?.url ?? '' };
  // A run that could never read the target has nothing to report on it; its error says why.
  if (situation === undefined)
    return { ...base, image: '', previousImage: '', release: '', previousRelease: '' };
  const { live } = situation;
  const idle = otherColor(live);
  return {
    ...base,
    liveColor: live,
    idleColor: idle,
    image: runningImage(situation, live),
    release: situation.colors[live].release?.id ?? '',
    previousImage: previousRelease(situation, idle)?.image ?? '',
    previousRelease: previousRelease(situation, idle)?.id ?? '',
  };
}

/** What users had before: the idle color's release, if they ever had it. */
const previousRelease = ({ colors }: Situation, idle: Color): Release | undefined =>
  colors[idle].standing === 'unknown' ? undefined : colors[idle].release;
