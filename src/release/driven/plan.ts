import type { DrivenTarget, PausePoint } from '../../target/driven.ts';
import { hasCome } from '../../target/driven.ts';
import type { Move } from '../../target/plan.ts';
import type { Problem } from '../../target/target.ts';
import type { Ended } from '../attempt.ts';
import { otherColor } from '../color.ts';
import { NOTHING_TO_DO, planned, problemOf } from '../plan.ts';
import { look, refuseSplit } from '../recover.ts';
import { patiently, type Session } from '../session.ts';
import { isLive, type Situation } from '../situation.ts';
import { busy } from './attempt.ts';
import { gateOf } from './drive.ts';
import { outlook } from './undo.ts';

/** What a deployment would do where the platform moves the traffic by itself. Changes nothing, and takes no lock. */
export async function plan(session: Session<DrivenTarget>): Promise<Ended> {
  const seen = await look(session);
  const { journal } = seen;
  const left = journal === undefined ? undefined : await outlook(session, journal);
  const situation =
    journal === undefined || left?.rollout === undefined
      ? seen
      : { ...seen, live: left.goesOn ? otherColor(journal.from) : journal.from };
  const points = await patiently(session, () => session.target.pausePoints());
  return planned(session, situation, {
    first: left === undefined ? [] : [`${left.title}.`],
    problems: () => [
      async () => (journal === undefined ? problemsOfOthers(session, seen) : []),
      async () => gateProblems(gateOf(points), { isStage: false, smokeTests: session.checks.smokeTests }),
    ],
    course: (release) => {
      const live = situation.colors[situation.live];
      if (release !== undefined && isLive(release, live) && !session.job.force) return NOTHING_TO_DO;
      return courseOf(situation, points);
    },
  });
}

async function problemsOfOthers(
  session: Session<DrivenTarget>,
  situation: Situation,
): Promise<readonly Problem[]> {
  const newest = await session.target.newest();
  return problemOf(() => {
    if (newest?.state === 'under-way' || newest?.state === 'going-back') throw busy(newest);
    refuseSplit(situation);
  });
}

/** What `deploy` does once it knows that there is something to do: deploy.ts and drive.ts, in order. */
function courseOf({ live, colors }: Situation, points: readonly PausePoint[]): readonly Move[] {
  const to = otherColor(live);
  const gate = gateOf(points);
  const isBefore = (point: PausePoint) => point !== gate && !hasCome(point, 'shifting');
  const goOn = ({ name }: PausePoint): Move => ({ do: 'go-on', at: name });
  return [
    { do: 'lock' },
    { do: 'check' },
    { do: 'create-release' },
    { do: 'note', phase: 'staging' },
    { do: 'start', color: to, count: colors[live].desired },
    // Once the platform has given its deployment a name.
    { do: 'note', phase: 'staging' },
    ...points.filter(isBefore).map(goOn),
    { do: 'note', phase: 'shifting' },
    ...points.filter((point) => !isBefore(point)).map(goOn),
    { do: 'note', phase: 'retiring' },
    { do: 'mark', color: to },
    { do: 'forget' },
    { do: 'unlock' },
  ];
}

/** What a gate is needed for, and is not there: said before anything is changed. */
export function gateProblems(
  gate: PausePoint | undefined,
  { isStage, smokeTests }: { isStage: boolean; smokeTests: number },
): Problem[] {
  if (gate === undefined && isStage)
    return [
      {
        message: 'The platform gives users each release without waiting: nothing can be staged.',
        fix: 'Give the service a lifecycle hook of type PAUSE at POST_TEST_TRAFFIC_SHIFT (docs/ecs.md), or use operation: deploy.',
        forceable: false,
      },
    ];
  if (gate === undefined && smokeTests > 0)
    return [
      {
        message:
          'The platform does not wait for the smoke tests: users may have the release before they are through.',
        fix: 'Give the service a lifecycle hook of type PAUSE at POST_TEST_TRAFFIC_SHIFT (docs/ecs.md).',
        forceable: true,
      },
    ];
  if (gate?.otherwise === 'goes on' && isStage)
    return [
      {
        message: `The hook at ${gate.name} goes on by itself when its time is over: what is staged would go to users.`,
        fix: 'Set timeoutConfiguration.action of that hook to ROLLBACK.',
        forceable: true,
      },
    ];
  return [];
}
