import type { Probe } from './probes.ts';
import type { Stage } from './stage.ts';

const NAMES = ['shop-production-blue-5xx', 'shop-production-green-response-time'];

/** What the adapter asks CloudWatch: alarms, their making, and metrics. moto has no DescribeAlarmHistory. */
export function signalProbes(stage: Stage): Probe[] {
  const target = stage.adapter();
  const { alarms, answers } = target.signals;
  return [
    ['alarms: missing', async () => alarms?.read(NAMES)],
    ['setup: makes alarms', () => target.setup(() => {})],
    ['setup: nothing to do', () => target.setup(() => {})],
    [
      'alarms: read',
      async () => {
        const found = (await alarms?.read([...NAMES, 'gone'])) ?? [];
        // Their state is a matter of metrics, of which moto has none.
        return found.map(({ name, windowMs, since }) => ({
          name,
          windowMs,
          isRecent: since > 1_700_000_000_000,
        }));
      },
    ],
    ['answers: none yet', async () => (await answers?.open())?.read()],
  ];
}
