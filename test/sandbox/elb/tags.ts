/** AddTags, RemoveTags, DescribeTags: the journal and the lock of a deployment live in these. */
import type { Tag } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError, type Operations } from '../contract.ts';
import { kindOf } from './arns.ts';
import { validationError } from './errors.ts';
import type { Store } from './store.ts';

/** AWS: letters, spaces, numbers, and these signs. */
const allowed = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u;
const longestKey = 128;
const longestValue = 256;
const mostTags = 50;
const mostResources = 20;

/** Refuses what AWS refuses, before anything is written. `held` is what the resource has already. */
export function checkTags(tags: readonly Tag[], held: ReadonlyMap<string, string> = new Map()): void {
  const keys = tags.map((tag) => tag.Key ?? '');
  if (new Set(keys).size < keys.length) {
    throw new ApiError('DuplicateTagKeys', 'A tag key was specified more than once');
  }
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length < 1 || Key.length > longestKey || !allowed.test(Key)) {
      throw validationError(
        `Tag key '${Key}' must have 1 to ${longestKey} characters of letters, spaces, numbers and _.:/=+-@`,
      );
    }
    if (Value.length > longestValue || !allowed.test(Value)) {
      throw validationError(
        `Tag value '${Value}' of '${Key}' must have at most ${longestValue} characters of letters, spaces, numbers and _.:/=+-@`,
      );
    }
    if (/^aws:/i.test(Key))
      throw validationError('Tag keys that begin with aws: are reserved for system use');
  }
  if (new Set([...held.keys(), ...keys]).size > mostTags) {
    throw new ApiError('TooManyTags', `A resource can have at most ${mostTags} tags`);
  }
}

/** The tag operations, over everything in the store. */
export function tagOperations(store: Store): Operations {
  /** The error names the kind of thing that is missing: that is how a stolen lock shows itself. */
  const insist = (arn: string) => {
    const kind = kindOf(arn);
    if (kind === 'loadbalancer') store.loadBalancer(arn);
    else if (kind === 'listener') store.listener(arn);
    else if (kind === 'listener-rule') store.rule(arn);
    else if (kind === 'targetgroup') store.targetGroup(arn);
    else
      throw validationError(
        `'${arn}' is not a valid load balancer, target group, listener or listener rule ARN`,
      );
  };
  const resources = (arns: readonly string[] | undefined) => {
    if (!arns?.length) throw validationError('At least one resource ARN must be specified');
    if (arns.length > mostResources) {
      throw validationError(
        `A maximum of ${mostResources} resource ARNs can be specified, but there are ${arns.length}`,
      );
    }
    for (const arn of arns) insist(arn);
    return arns;
  };
  return {
    AddTags({ ResourceArns, Tags = [] }: { ResourceArns?: string[]; Tags?: Tag[] }) {
      const arns = resources(ResourceArns);
      for (const arn of arns) checkTags(Tags, store.tags.get(arn));
      for (const arn of arns) store.setTags(arn, Tags);
      return {};
    },
    RemoveTags({ ResourceArns, TagKeys = [] }: { ResourceArns?: string[]; TagKeys?: string[] }) {
      for (const arn of resources(ResourceArns)) for (const key of TagKeys) store.tags.get(arn)?.delete(key);
      return {};
    },
    DescribeTags({ ResourceArns }: { ResourceArns?: string[] }) {
      return {
        TagDescriptions: resources(ResourceArns).map((arn) => ({
          ResourceArn: arn,
          Tags: [...(store.tags.get(arn) ?? [])].map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    },
  };
}
