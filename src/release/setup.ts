import { DeployError } from '../errors.ts';
import type { Ended } from './attempt.ts';
import { change, type LockedSession, step } from './session.ts';

/** Makes what the target needs before the first deployment, and says what that is before it does. */
export async function setup(session: LockedSession): Promise<Ended> {
  const { target } = session;
  if (target.setup === undefined)
    throw new DeployError('There is nothing that setup could make on this target yet.', {
      code: 'not-supported',
      hint: 'On ECS, the first deploy brings the listener into the form that it needs; docs/ecs.md says what must be there.',
    });
  /** Asked again after a throttle, the target only tells what is still missing: what was planned before is made by then. */
  const planned = new Set<string>();
  const announce = (lines: readonly string[]) => {
    for (const line of lines.filter((one) => !planned.has(one))) {
      planned.add(line);
      session.emit({ type: 'progress', message: `To make: ${line}` });
    }
  };
  const made = await step(
    session,
    'setup',
    'Make what is missing',
    async () => {
      const lines = await change(session, () => target.setup?.(announce) ?? Promise.resolve([]));
      return [...new Set([...planned, ...lines])];
    },
    (lines) => (lines.length === 0 ? 'everything is there already' : `${lines.length} made`),
  );
  for (const message of made) session.emit({ type: 'progress', message: `Made: ${message}` });
  // Before the first deployment there may be nothing yet that could be looked at.
  const isStaged = await target.inspect().then(
    ({ journal }) => journal?.phase === 'staged',
    () => false,
  );
  const end = isStaged ? 'release-keep-preview' : 'release';
  return made.length === 0
    ? { result: 'unchanged', summary: 'Everything is there already; nothing was changed.', end }
    : { result: '', summary: `Made ${made.join(', ')}. The first deploy can come.`, end };
}
