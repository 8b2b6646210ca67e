import { DeployError } from '../../errors.ts';
import type { AlarmState } from '../../target/signals.ts';
import { TransientError } from '../../target/target.ts';
import type { Color } from '../color.ts';
import { patiently } from '../session.ts';
import type { Sensor, Watching } from './sensor.ts';

/**
 * The platform's alarms, each against what it was when the watch began: one that was off already says nothing of this
 * release until it has been right again. One that goes off and recovers between two looks counts as well.
 * @param since from when on an alarm counts that went off, ms since the epoch; absent: from now on
 */
export async function alarms(session: Watching, color: Color, since?: number): Promise<Sensor | undefined> {
  const { alarms: configured, 'insufficient-data': withoutData } = session.job.policy.stabilize;
  const names = configured[color];
  const port = session.target.signals.alarms;
  if (names.length === 0 || port === undefined) return undefined;
  const known = new Map<string, AlarmState>();
  /** Off before this release had a part in it. */
  const excused = new Set<string>();
  const there = await patiently(session, () => port.read(names));
  // A deployment was refused for it beforehand; `watch` has nothing but this look.
  const missing = names.find((name) => !there.some((alarm) => alarm.name === name));
  if (missing !== undefined)
    throw new DeployError(`There is no alarm ${missing}.`, {
      code: 'unknown-alarm',
      hint: 'Correct stabilize.alarms, or make the alarm: nothing says that it is quiet.',
    });
  for (const alarm of there) {
    const isOld = since === undefined || alarm.since < since;
    if (isOld) known.set(alarm.name, alarm);
    if (!(isOld && alarm.state === 'alarm')) continue;
    excused.add(alarm.name);
    session.emit({
      type: 'warning',
      message: `${alarm.name} is in ALARM already (${alarm.reason}): it does not count until it has been OK.`,
    });
  }
  return {
    async look({ last }) {
      const now = await port.read(names);
      for (const alarm of now) {
        const before = known.get(alarm.name);
        const isNews = isNewsAfter(before, alarm);
        if (isNews) tell(session, alarm);
        // In ALARM since another moment than before: it was something else in between.
        if (alarm.state !== 'alarm' || (before?.state === 'alarm' && isNews)) excused.delete(alarm.name);
        if (alarm.state === 'alarm' && !excused.has(alarm.name)) throw wentOff(alarm.name, alarm.reason);
      }
      // Only then: a history that is not told must not hide an alarm that is off.
      for (const alarm of now) {
        const before = known.get(alarm.name);
        // Its state has a new date: it was something else in between. Only its history tells what.
        const lastKnown = before?.since ?? since;
        const mayHide = isNewsAfter(before, alarm) && alarm.state !== 'alarm' && before?.state !== 'alarm';
        if (mayHide && lastKnown !== undefined) {
          const reason = await port.wentOff(alarm.name, lastKnown);
          if (reason !== undefined) throw wentOff(alarm.name, `${reason}; it has recovered since`);
        }
        known.set(alarm.name, alarm);
        if (last && alarm.state === 'insufficient-data' && withoutData === 'fail')
          throw new DeployError(`The alarm ${alarm.name} still has no data (${alarm.reason}).`, {
            code: 'alarm-without-data',
            hint: 'Watch longer (stabilize.for), or set stabilize.insufficient-data: ignore.',
          });
      }
    },
    detail: () => `${names.length} ${names.length === 1 ? 'alarm' : 'alarms'} quiet`,
  };
}

const isNewsAfter = (before: AlarmState | undefined, now: AlarmState): boolean =>
  before?.state !== now.state || before.since !== now.since;

function tell(session: Watching, { name, state, reason }: AlarmState): void {
  session.emit({
    type: 'check',
    purpose: 'alarm',
    check: { name, ok: state !== 'alarm', detail: `${WORDS[state]}: ${reason}`, attempts: 1, ms: 0 },
  });
}

const WORDS = { ok: 'OK', alarm: 'ALARM', 'insufficient-data': 'INSUFFICIENT_DATA' } as const;

const wentOff = (name: string, reason: string) =>
  new DeployError(`The alarm ${name} went off: ${reason}.`, {
    code: 'alarm',
    hint: 'Look at what the alarm measures and at the release’s log, mend it, then deploy again.',
  });

/** A look at signals that was not answered is no news, and says so once: health and probes go on being looked at. */
export function forgiving(session: Watching, sensor: Sensor, what: string): Sensor {
  let silent = false;
  return {
    ...sensor,
    async look(options) {
      try {
        await sensor.look(options);
        silent = false;
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        if (!silent)
          session.emit({ type: 'progress', message: `No news of ${what} (${error.message}): asking again.` });
        silent = true;
      }
    },
    // What was seen before the silence says nothing of how the watch ended.
    detail: () => (silent ? `no news of ${what}` : sensor.detail()),
  };
}
