import type { Service } from '@aws-sdk/client-ecs';
import type { Standing } from '../../release/situation.ts';
import type { NativeService } from './native-service.ts';
import { sinceIn, sinceValue } from './since.ts';
import { rolledBack, withoutRolledBack, withRolledBack } from './standings.ts';
import { TAG_PREFIX, tagMap } from './tags.ts';

/** The release that users have, as this action last accepted it; and the one that they had before it. */
const WAS_LIVE = `${TAG_PREFIX}was-live`;
const FORMER = `${TAG_PREFIX}former`;
/** Since when users have it. */
const LIVE_SINCE = `${TAG_PREFIX}live-since`;

/** Where a rollback leads from `live`, as far as our tags know: nothing where somebody else deployed since. */
export function formerOf(service: Service, live: string): string | undefined {
  const tags = tagMap(service.tags);
  return tags.get(WAS_LIVE) === live ? tags.get(FORMER) || undefined : undefined;
}

export function standingIn(service: Service, release: string): Standing {
  if (rolledBack(service).includes(release)) return 'rolled-back';
  const tags = tagMap(service.tags);
  return tags.get(WAS_LIVE) === release || tags.get(FORMER) === release ? 'was-live' : 'unknown';
}

export const liveSinceIn = (service: Service, release: string): number | undefined =>
  sinceIn(tagMap(service.tags).get(LIVE_SINCE), release);

/** @param former empty where the release took nobody's place */
export async function markAccepted(
  target: NativeService,
  { release, former, liveSince }: { release: string; former: string; liveSince: number },
): Promise<void> {
  const service = await target.describe();
  await target.tag({
    [WAS_LIVE]: release,
    [LIVE_SINCE]: sinceValue(release, liveSince),
    ...(former === '' ? {} : { [FORMER]: former }),
    // Users have it again, and are content: it is forgiven.
    ...(rolledBack(service).includes(release) ? withoutRolledBack(service, release) : {}),
  });
}

export async function markRejected(target: NativeService, release: string): Promise<void> {
  await target.tag(withRolledBack(await target.describe(), release));
}
