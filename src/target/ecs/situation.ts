import type { EcsSettings } from '../../config/environment.ts';
import type { Color, PerColor, Weights } from '../../release/color.ts';
import type { ColorState, Situation } from '../../release/situation.ts';
import { liveColor } from './live-color.ts';
import { asRelease } from './releases.ts';
import { readJournal } from './service-journal.ts';
import type { Services } from './services.ts';
import { liveSinceOf, standingOf } from './standings.ts';
import type { TaskDefinitions } from './task-definitions.ts';
import { containerOf } from './wiring.ts';
import type { Workers } from './workers.ts';

export interface Seen {
  readonly settings: EcsSettings;
  readonly services: Services;
  readonly weights: Weights;
  readonly definitions: TaskDefinitions;
  readonly workers: Workers;
}

/** What the services and the weights tell. */
export async function situationOf(seen: Seen): Promise<Situation> {
  const { services, weights } = seen;
  const journal = readJournal([services.blue, services.green]);
  const colors: PerColor<ColorState> = {
    blue: await stateOf(seen, 'blue'),
    green: await stateOf(seen, 'green'),
  };
  return { live: liveColor(weights, journal?.from), weights, colors, journal };
}

async function stateOf(
  { settings, services, definitions, workers }: Seen,
  color: Color,
): Promise<ColorState> {
  const service = services[color];
  const definition = await definitions.get(service.taskDefinition ?? '');
  const release = asRelease(definition, containerOf(settings, services, color));
  return {
    release,
    standing: standingOf(services, color, release.id),
    liveSince: liveSinceOf(services, color, release.id),
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    ...(workers.all.length > 0 && {
      workers: workers.desired(color),
      lags: workers.lags(color),
    }),
  };
}
