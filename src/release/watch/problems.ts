import type { AlarmState, Alarms } from '../../target/signals.ts';
import type { Problem } from '../../target/target.ts';
import type { Color } from '../color.ts';
import type { Watching } from './sensor.ts';

/**
 * What would keep the watch over a release on `color` from seeing what it is asked to look at. Says too, as a warning,
 * where it may look away before there is anything to see.
 */
export async function watchProblems(session: Watching, color: Color): Promise<readonly Problem[]> {
  return [...(await alarmProblems(session, color)), ...(await answerProblems(session))];
}

async function alarmProblems(session: Watching, color: Color): Promise<readonly Problem[]> {
  const names = session.job.policy.stabilize.alarms[color];
  const port = session.target.signals.alarms;
  if (names.length === 0) return [];
  if (port === undefined)
    return [
      {
        message: 'There are no alarms to look at where this is deployed.',
        fix: 'Remove stabilize.alarms.',
        forceable: false,
      },
    ];
  const known = await port.read(names);
  // Asked only when an alarm's state has a new date: whether it may be asked is found out now.
  for (const { name } of known.slice(0, 1)) await port.wentOff(name, session.clock.now());
  for (const alarm of known)
    warnOfShortWatch(session, `The alarm ${alarm.name}`, await windowOf(port, alarm));
  return names
    .filter((name) => !known.some((alarm) => alarm.name === name))
    .map((name) => ({
      message: `There is no alarm ${name}.`,
      fix: 'Correct stabilize.alarms, or make the alarm (operation: setup makes those of ecs.alarms).',
      forceable: false,
    }));
}

async function answerProblems(session: Watching): Promise<readonly Problem[]> {
  const { 'max-error-rate': rate, 'max-latency': latency } = session.job.policy.stabilize;
  if (rate === undefined && latency === undefined) return [];
  const port = session.target.signals.answers;
  if (port !== undefined) {
    // The first look comes when users have the release already: a permission that lacks is found out now.
    await (await port.open()).read();
    warnOfShortWatch(session, 'What is counted of the answers', port.delayMs);
    return [];
  }
  return [
    {
      message: 'Nothing here counts what users are answered, color by color.',
      fix: 'Remove stabilize.max-error-rate and stabilize.max-latency; load balancers and HAProxy can count.',
      forceable: false,
    },
  ];
}

/** Alarms that sum up others are as slow as the slowest of them, a few levels down. */
async function windowOf(port: Alarms, { windowMs, parts = [] }: AlarmState, levels = 3): Promise<number> {
  if (parts.length === 0 || levels === 0) return windowMs;
  const windows = (await port.read(parts)).map((part) => windowOf(port, part, levels - 1));
  return Math.max(windowMs, ...(await Promise.all(windows)));
}

/** Each step is there to notice something while few users have the release; the last watch, before the old one is parked. */
function warnOfShortWatch(session: Watching, what: string, needsMs: number): void {
  const { shift, stabilize } = session.job.policy;
  const warn = (key: string, watched: string, ms: number) => {
    if (needsMs <= ms) return;
    session.emit({
      type: 'warning',
      message: `${what} needs ${seconds(needsMs)} to tell anything, and ${watched} for ${seconds(ms)}: raise ${key}.`,
    });
  };
  if (shift.steps.length > 0) warn('shift.every', 'each step is watched', shift.every);
  warn('stabilize.for', 'the release is watched', stabilize.for);
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
