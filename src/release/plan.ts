import { toDeployError } from '../errors.ts';
import type { Course, Move, TargetPlan } from '../target/plan.ts';
import type { Platform, Problem, StageRequest } from '../target/target.ts';
import type { Ended } from './attempt.ts';
import { allOn, otherColor, share } from './color.ts';
import { ownProblems } from './deploy.ts';
import type { Plan } from './events.ts';
import { readable } from './image.ts';
import { currentHolder } from './lock.ts';
import type { Job } from './policy.ts';
import { refusalOf, refused } from './preflight.ts';
import { describe, look, refuseSplit } from './recover.ts';
import { patiently, type Session, step } from './session.ts';
import { type ColorState, isLive, runningImage, type Situation } from './situation.ts';
import { remedy } from './undo.ts';

/** What a deployment would do. Changes nothing, and takes no lock. */
export async function plan(session: Session): Promise<Ended> {
  const seen = await look(session);
  const { journal } = seen;
  const decision = journal === undefined ? undefined : remedy(journal, seen);
  const situation = decision === undefined ? seen : after(seen, decision);
  return planned(session, situation, {
    first:
      journal === undefined || decision === undefined
        ? []
        : [`${describe(journal, decision, session.job.operation)}.`],
    problems: (request) => [
      async () => (journal === undefined ? problemOf(() => refuseSplit(seen)) : []),
      () => ownProblems(session, request.color),
    ],
    course: (release) => {
      const live = situation.colors[situation.live];
      if (release !== undefined && isLive(release, live) && !session.job.force) return NOTHING_TO_DO;
      return courseOf(session.job, situation);
    },
  });
}

/** What stands before a deployment, and what is done in it, as the kind of target has it. */
export interface Prospect {
  /** What is done about what other runs left behind. */
  readonly first: readonly string[];
  /** Looks for what would stop it, beyond the target's own: each is made, whatever the others find. */
  readonly problems: (request: StageRequest) => readonly (() => Promise<readonly Problem[]>)[];
  readonly course: Course;
}

/** Where the release is live already, or holds nothing new: the lock is taken, and let go. */
export const NOTHING_TO_DO: readonly Move[] = [
  { do: 'lock' },
  { do: 'check' },
  { do: 'create-release' },
  { do: 'unlock' },
];

export async function planned(
  session: Session<Platform>,
  situation: Situation,
  prospect: Prospect,
): Promise<Ended> {
  const { job, target } = session;
  const { live, colors } = situation;
  const request = { color: otherColor(live), image: job.image, imageTag: job.imageTag };
  const found = await step(
    session,
    'preflight',
    'Look for what would go wrong',
    async () => {
      const { value: holder, problems } = await attempt(session, () => currentHolder(session));
      const looks = [() => target.preflight(request, { readOnly: true }), ...prospect.problems(request)];
      const further = await Promise.all(looks.map((one) => attempt(session, one)));
      return {
        holder,
        problems: [...problems, ...further.flatMap((one) => [...one.problems, ...(one.value ?? [])])],
      };
    },
    ({ problems }) => `${problems.length === 0 ? 'nothing' : problems.length} found`,
  );
  const { value: told, problems } = await step(
    session,
    'plan',
    `Work out what a deployment of ${readable(job.image)} would do`,
    () => attempt(session, () => target.plan(request, prospect.course)),
  );
  // Where something is wrong, that is why there may be no plan.
  const all = found.problems.length === 0 ? problems : found.problems;
  const plan: Plan = {
    ...planOf(job, situation, request, told),
    first: [...(found.holder === undefined ? [] : [atWork(found.holder)]), ...prospect.first],
    problems: refused(session, distinct(all)),
  };
  session.emit({ type: 'plan', plan });
  const isThere = told?.release !== undefined && isLive(told.release, colors[live]) && !job.force;
  const way = isThere
    ? `${readable(plan.image)} is live already, on ${live}: a deployment would change nothing; with force: true it deploys it again.`
    : `${readable(plan.image)} would take the place of ${readable(plan.previousImage || 'nothing')}: ${plan.count} of it on ${plan.to}, ${plan.calls.length} calls.`;
  const error = refusalOf(plan.problems);
  return { result: 'planned', summary: error === undefined ? way : error.message, error, end: 'release' };
}

function planOf(
  { policy, image }: Job,
  situation: Situation,
  { color }: StageRequest,
  told: TargetPlan | undefined,
): Omit<Plan, 'first' | 'problems'> {
  const { live, colors } = situation;
  return {
    from: live,
    to: color,
    image: told?.image ?? image,
    previousImage: runningImage(situation, live),
    release: told?.release?.id ?? '',
    previousRelease: colors[live].release?.id ?? '',
    count: countOf(policy, colors[live]),
    changes: told?.changes ?? [],
    calls: told?.calls ?? [],
    notes: told?.notes ?? [],
  };
}

/** What `deploy` does once it knows that there is something to do: deploy.ts and what it calls, in order. */
function courseOf({ policy }: Job, { live, colors }: Situation): readonly Move[] {
  const to = otherColor(live);
  const { keep } = policy.retire;
  const { desired } = colors[live];
  const count = countOf(policy, colors[live]);
  const steps = colors[live].running > 0 ? policy.shift.steps : [];
  const shifts = [...steps.map((percent) => share(to, percent)), allOn(to)].map(
    (weights): Move => ({ do: 'shift', weights }),
  );
  return [
    { do: 'lock' },
    { do: 'check' },
    { do: 'create-release' },
    { do: 'note', phase: 'staging' },
    { do: 'prepare' },
    { do: 'start', color: to, count },
    { do: 'hold-scaling', color: to },
    { do: 'note', phase: 'shifting' },
    ...(steps.length > 0 ? shifts.toSpliced(1, 0, { do: 'share-scaling', to }) : shifts),
    { do: 'hand-scaling-over', to, scaleIn: false },
    { do: 'note', phase: 'retiring' },
    { do: 'mark', color: to },
    ...(desired > 0 ? [{ do: 'mark', color: live } as const] : []),
    { do: 'park', color: live, keep: keep === 'all' ? desired : Math.min(keep, desired) },
    { do: 'hand-scaling-over', to, scaleIn: true },
    { do: 'forget' },
    { do: 'unlock' },
  ];
}

const countOf = (policy: Job['policy'], live: ColorState): number =>
  policy.count ?? Math.max(1, live.desired);

/** What a run finds once what the journal tells of is dealt with. */
function after(seen: Situation, decision: ReturnType<typeof remedy>): Situation {
  const { journal, colors } = seen;
  if (journal === undefined || decision === 'forget') return seen;
  const to = otherColor(journal.from);
  if (decision === 'finish') return { ...seen, live: to, weights: allOn(to) };
  const { parkedRelease: id, parkedCount: desired } = journal;
  const known = colors[to].release;
  // Of what was parked there, the journal knows no more than its name.
  const release = id === '' ? undefined : known?.id === id ? known : { id, image: '' };
  return {
    ...seen,
    live: journal.from,
    weights: allOn(journal.from),
    colors: { ...colors, [to]: { ...colors[to], release, desired } },
  };
}

const atWork = (holder: string): string =>
  `${holder} is at work: a deployment waits for its end as long as lock.wait says, and finds then what it has left.`;

/** What stands in the way, where a look itself was refused. */
async function attempt<T>(
  session: Session<Platform>,
  body: () => Promise<T>,
): Promise<{ readonly value?: T; readonly problems: readonly Problem[] }> {
  try {
    return { value: await patiently(session, body), problems: [] };
  } catch (thrown) {
    session.signal.throwIfAborted();
    return { problems: [asProblem(thrown)] };
  }
}

export function problemOf(refuse: () => void): readonly Problem[] {
  try {
    refuse();
    return [];
  } catch (thrown) {
    return [asProblem(thrown)];
  }
}

/** Without an answer there is no plan. @throws DeployError where that is so, or what was thrown is no refusal */
function asProblem(thrown: unknown): Problem {
  const error = toDeployError(thrown);
  if (NO_ANSWER.includes(error.code)) throw error;
  return { message: error.message, fix: error.hint ?? '', forceable: false };
}

const NO_ANSWER: readonly string[] = [
  'credentials-expired',
  'unexpected',
  'platform-unreachable',
  'host-unreachable',
];

/** Several looks may be refused for one reason. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [problem.message, problem])).values(),
];
