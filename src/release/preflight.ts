import { DeployError } from '../errors.ts';
import type { Platform, Problem, StageRequest } from '../target/target.ts';
import { type LockedSession, patiently, type Session, step } from './session.ts';

/** Refuses what could not succeed, before anything is changed. */
export const preflight = (
  session: LockedSession<Platform>,
  request: StageRequest,
  further: () => Promise<readonly Problem[]> = () => Promise.resolve([]),
): Promise<void> =>
  step(session, 'preflight', 'Look for what would go wrong', async () => {
    const problems = await patiently(session, async () => [
      ...(await session.target.preflight(request, { readOnly: false })),
      ...(await further()),
    ]);
    const refusal = refusalOf(refused(session, problems));
    if (refusal !== undefined) throw refusal;
  });

/** Those that stand in the way; the others, which `force` overrules, are told as warnings. */
export function refused(
  { job, emit }: Pick<Session<Platform>, 'job' | 'emit'>,
  problems: readonly Problem[],
): readonly Problem[] {
  const overruled = problems.filter(({ forceable }) => forceable && job.force);
  for (const { message } of overruled)
    emit({ type: 'warning', message: `${message} Going on, as force is set.` });
  return problems.filter((problem) => !overruled.includes(problem));
}

/** One error for all of them; nothing where there is none. */
export function refusalOf(problems: readonly Problem[]): DeployError | undefined {
  const [first, second] = problems;
  if (first === undefined) return undefined;
  if (second === undefined) return new DeployError(first.message, { code: 'preflight', hint: fixOf(first) });
  return new DeployError(`${problems.length} things stand in the way.`, {
    code: 'preflight',
    hint: 'Nothing was changed. Mend them, then run again.',
    details: problems.map((problem) => `${problem.message} ${fixOf(problem)}`),
  });
}

export const fixOf = ({ fix, forceable }: Pick<Problem, 'fix' | 'forceable'>): string =>
  forceable ? `${fix} Or go on with force: true.` : fix;
