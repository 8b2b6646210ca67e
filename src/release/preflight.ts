import { DeployError } from '../errors.ts';
import type { Platform, Problem, StageRequest } from '../target/target.ts';
import { type LockedSession, patiently, step } from './session.ts';

/** Refuses what could not succeed, before anything is changed. */
export const preflight = (
  session: LockedSession<Platform>,
  request: StageRequest,
  further: () => Promise<readonly Problem[]> = () => Promise.resolve([]),
): Promise<void> =>
  step(session, 'preflight', 'Look for what would go wrong', async () => {
    const problems = await patiently(session, async () => [
      ...(await session.target.preflight(request)),
      ...(await further()),
    ]);
    const refused = problems.filter((problem) => !(problem.forceable && session.job.force));
    for (const problem of problems.filter((one) => !refused.includes(one)))
      session.emit({ type: 'warning', message: `${problem.message} Going on, as force is set.` });
    const [first] = refused;
    if (first === undefined) return;
    throw new DeployError(
      refused.length === 1 ? first.message : `${refused.length} things stand in the way.`,
      {
        code: 'preflight',
        hint: refused.length === 1 ? fixOf(first) : 'Nothing was changed. Mend them, then run again.',
        details: refused.length === 1 ? [] : refused.map((problem) => `${problem.message} ${fixOf(problem)}`),
      },
    );
  });

const fixOf = ({ fix, forceable }: { fix: string; forceable: boolean }) =>
  forceable ? `${fix} Or go on with force: true.` : fix;
