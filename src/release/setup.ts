import { DeployError } from '../errors.ts';
import type { Ended } from './attempt.ts';
import { change, type LockedSession, step } from './session.ts';

/** Makes what the target needs before the first deployment. What is there stays as it is. */
export async function setup(session: LockedSession): Promise<Ended> {
  const { target } = session;
  if (target.setup === undefined)
    throw new DeployError('There is nothing that setup could make on this target yet.', {
      code: 'not-supported',
      hint: 'On ECS, the first deploy brings the listener into the form that it needs; docs/ecs.md says what must be there.',
    });
  const made = await step(
    session,
    'setup',
    'Make what is missing',
    () => change(session, () => target.setup?.() ?? Promise.resolve([])),
    (lines) => (lines.length === 0 ? 'everything is there already' : `${lines.length} made`),
  );
  for (const message of made) session.emit({ type: 'progress', message });
  return made.length === 0
    ? { result: 'unchanged', summary: 'Everything is there already; nothing was changed.', end: 'release' }
    : { result: '', summary: `Made ${made.join(', ')}. The first deploy can come.`, end: 'release' };
}
