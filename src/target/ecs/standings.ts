import type { Service } from '@aws-sdk/client-ecs';
import { COLORS, type Color } from '../../release/color.ts';
import type { Standing } from '../../release/situation.ts';
import { releaseId } from './arn.ts';
import type { ServicePair, Services } from './services.ts';
import { sinceIn, sinceValue } from './since.ts';
import { TAG_PREFIX, tagMap, VALUE_LIMIT } from './tags.ts';

/** The release that the color had when users last had it: lapses by itself once the service runs another. */
const WAS_LIVE = `${TAG_PREFIX}was-live`;
/** `<release> <ISO time>`: since when users have it. Beside `was-live`, which says nothing of when. */
const LIVE_SINCE = `${TAG_PREFIX}live-since`;
/** The releases that users were taken away from, the newest last: a tag value holds 256 characters. */
const ROLLED_BACK = `${TAG_PREFIX}rolled-back`;
const REMEMBERED = 8;

/** What is known of a release's past, from the tags of both services. */
export function standingOf(services: Services, color: Color, release: string): Standing {
  if (COLORS.some((one) => rolledBack(services[one]).includes(release))) return 'rolled-back';
  return tagMap(services[color].tags).get(WAS_LIVE) === release ? 'was-live' : 'unknown';
}

/** Since when users have the release that the color's service holds, ms since the epoch; where it is known. */
export const liveSinceOf = (services: Services, color: Color, release: string): number | undefined =>
  sinceIn(tagMap(services[color].tags).get(LIVE_SINCE), release);

/** Records what became of the release that the color's service holds. */
export async function markRelease(
  pair: ServicePair,
  color: Color,
  standing: Standing,
  liveSince: number | undefined,
): Promise<void> {
  const services = await pair.describe();
  const release = releaseId(services[color].taskDefinition ?? '');
  const since: Record<string, string> = {};
  if (liveSince !== undefined) since[LIVE_SINCE] = sinceValue(release, liveSince);
  // Users who come back to it by somebody's hand do not have it since then.
  else if (tagMap(services[color].tags).get(LIVE_SINCE)) since[LIVE_SINCE] = '';
  if (standing === 'rolled-back') {
    await pair.tag(services[color], { ...withRolledBack(services[color], release), ...since });
    return;
  }
  await pair.tag(services[color], { [WAS_LIVE]: release, ...since });
  // Users have it again, and are content: it is forgiven.
  for (const service of COLORS.map((one) => services[one]))
    if (rolledBack(service).includes(release)) await pair.tag(service, withoutRolledBack(service, release));
}

/** The releases that users were taken away from, as the service's tag says. */
export const rolledBack = (service: Service): string[] =>
  (tagMap(service.tags).get(ROLLED_BACK) ?? '').split(' ').filter((one) => one !== '');

/** That tag with the release as the newest. */
export function withRolledBack(service: Service, release: string): Record<string, string> {
  const kept = [...otherThan(release, service), release].slice(-REMEMBERED);
  // The oldest go where their names are long: a tag that AWS refuses would stop every run from here on.
  while (kept.length > 1 && kept.join(' ').length > VALUE_LIMIT) kept.shift();
  return { [ROLLED_BACK]: kept.join(' ') };
}

/** That tag without the release. */
export const withoutRolledBack = (service: Service, release: string): Record<string, string> => ({
  [ROLLED_BACK]: otherThan(release, service).join(' '),
});

const otherThan = (release: string, service: Service): string[] =>
  rolledBack(service).filter((one) => one !== release);
