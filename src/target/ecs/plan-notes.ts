import type { Service } from '@aws-sdk/client-ecs';
import type { PerColor } from '../../release/color.ts';
import { definitionChanges } from './definition-changes.ts';
import { containersOf, IMAGE_TAG, type TaskDefinition, withImages } from './task-definitions.ts';

/** What stops no deployment, and users should know of before one. Pure. */

/**
 * Somebody registered a revision since, and deployed it nowhere: what is deployed is made from what is live. Those of
 * this action differ in their images only.
 */
export function newerRevision(live: TaskDefinition, newest: TaskDefinition): readonly string[] {
  if (revisionOf(newest) <= revisionOf(live)) return [];
  const images = new Map(containersOf(live).map(({ name = '', image = '' }) => [name, image]));
  const tag = live.tags.find(({ key }) => key === IMAGE_TAG)?.value;
  const changes = definitionChanges(live, withImages(newest, images, tag));
  if (changes.length === 0) return [];
  const paths = changes.map(({ what }) => what);
  const shown = paths.slice(0, MOST_PATHS).join(', ');
  const more = paths.length > MOST_PATHS ? ` and ${paths.length - MOST_PATHS} more` : '';
  return [
    `${nameOf(newest)} is newer than ${nameOf(live)}, which is live, and differs in ${shown}${more}: a release is made from what is live, and does not have that. Update the live service to it first if it should.`,
  ];
}

const MOST_PATHS = 10;
const nameOf = ({ arn }: TaskDefinition): string => arn.slice(arn.indexOf('/') + 1);
const revisionOf = ({ arn }: TaskDefinition): number => Number(/:(\d+)$/.exec(arn)?.[1] ?? 0);

/** One color would serve users otherwise than the other. */
export function differentAttributes(
  blue: ReadonlyMap<string, string>,
  green: ReadonlyMap<string, string>,
): readonly string[] {
  const keys = [...new Set([...blue.keys(), ...green.keys()])].filter(
    (key) => blue.get(key) !== green.get(key),
  );
  if (keys.length === 0) return [];
  const pairs = keys.map(
    (key) => `${key} (blue ${blue.get(key) ?? 'none'}, green ${green.get(key) ?? 'none'})`,
  );
  return [`The target groups differ in ${pairs.join(', ')}: each color serves users with its own.`];
}

/** A color in another network may be out of reach, or reach less, than the one that users have. */
export function differentNetworks({ blue, green }: PerColor<Service>): readonly string[] {
  const [one, other] = [networkOf(blue), networkOf(green)];
  const pairs = Object.keys(one)
    .filter((key) => one[key] !== other[key])
    .map((key) => `${key} (blue ${one[key] || 'none'}, green ${other[key] || 'none'})`);
  if (pairs.length === 0) return [];
  return [
    `Services ${blue.serviceName} and ${green.serviceName} differ in ${pairs.join(', ')}: each color runs in its own network.`,
  ];
}

/** In which order a list stands says nothing; services have no public addresses by default. */
function networkOf({ networkConfiguration }: Service): Readonly<Record<string, string>> {
  const { subnets, securityGroups, assignPublicIp } = networkConfiguration?.awsvpcConfiguration ?? {};
  const list = (ids: readonly string[] = []) => [...ids].sort().join(' ');
  return {
    subnets: list(subnets),
    securityGroups: list(securityGroups),
    assignPublicIp: assignPublicIp ?? 'DISABLED',
  };
}

/** What runs where the new release is going to. */
export function notEmpty({ serviceName, desiredCount = 0 }: Service): readonly string[] {
  if (desiredCount === 0) return [];
  return [`${serviceName} is not parked: the ${desiredCount} that it runs are replaced.`];
}
