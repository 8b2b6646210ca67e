import type { CheckSubject, OwnTraffic } from '../../check/check.ts';
import { TransientError } from '../../target/target.ts';
import { alarms, forgiving } from './alarms.ts';
import { answers } from './answers.ts';
import { instances } from './instances.ts';
import { probes } from './probes.ts';
import type { Sensor, Watching } from './sensor.ts';

export type Watcher = Required<Sensor>;

/**
 * Everything that is looked at while users have a release, or some of them. Begun before the first of them gets it:
 * what was wrong before is not the release's doing.
 * @param since for who comes later: when users got the release, ms since the epoch
 */
export async function watcher(
  session: Watching,
  subject: CheckSubject,
  { traffic, since }: { traffic?: OwnTraffic; since?: number } = {},
): Promise<Watcher> {
  const { color } = subject;
  const [ofAlarms, ofAnswers] = [await alarms(session, color, since), await answers(session, color, since)];
  // Who comes later takes no silence for an answer: nothing hangs on it that would have to be decided in time.
  const patient = (sensor: Sensor, what: string) =>
    since === undefined ? forgiving(session, sensor, what) : sensor;
  const sensors: Sensor[] = [
    instances(session, color, since),
    ...(ofAlarms ? [patient(ofAlarms, 'the alarms')] : []),
    ...(ofAnswers ? [patient(ofAnswers, 'what users were answered')] : []),
    probes(session, subject, traffic),
  ];
  return {
    /** Each sensor gets its look: one that has no news must not keep the others from telling theirs. */
    async look(options) {
      let noNews: TransientError | undefined;
      for (const sensor of sensors)
        try {
          await sensor.look(options);
        } catch (error) {
          if (!(error instanceof TransientError)) throw error;
          noNews ??= error;
        }
      if (noNews !== undefined) throw noNews;
    },
    isDoubtful: () => sensors.some((sensor) => sensor.isDoubtful?.() ?? false),
    moved() {
      for (const sensor of sensors) sensor.moved?.();
    },
    detail() {
      const told = sensors.map((sensor) => sensor.detail()).filter((text) => text !== '');
      return told.length === 0 ? 'nothing was wrong' : told.join('; ');
    },
  };
}
