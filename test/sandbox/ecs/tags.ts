import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecs';
import { ApiError } from '../contract.ts';
import type { World } from './model.ts';

/** What AWS allows in keys and values. Most of JSON's punctuation is not among it. */
const allowed = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u;

/** Refuses tags as AWS does: characters, lengths, the reserved prefix, the same key twice, and more than 50. */
export function checkTags(tags: readonly Tag[]): void {
  const keys = new Set<string>();
  for (const { key = '', value = '' } of tags) {
    if (key === '' || key.length > 128) throw invalid(`Tag keys must have 1 to 128 characters: '${key}'`);
    if (value.length > 256)
      throw invalid(`Tag values can have at most 256 characters: the value of '${key}'`);
    if (!allowed.test(key) || !allowed.test(value))
      throw invalid(
        'Some tags contain invalid characters. Valid characters: UTF-8 letters, spaces, numbers and _ . / = + - : @.',
      );
    if (/^aws:/i.test(key)) throw invalid("Tag keys can't start with aws:, which is reserved");
    if (keys.has(key)) throw invalid(`Duplicate tag keys found: '${key}'`);
    keys.add(key);
  }
  if (tags.length > 50) throw invalid('A resource can have at most 50 tags.');
}

/** The tags with others added: a key that is there already gets the new value. */
export function mergeTags(present: readonly Tag[], added: readonly Tag[]): Tag[] {
  checkTags(added);
  const merged = new Map([...present, ...added].map(({ key = '', value = '' }) => [key, value]));
  const tags = [...merged].map(([key, value]) => ({ key, value }));
  if (tags.length > 50) throw invalid('A resource can have at most 50 tags.');
  return tags;
}

/** TagResource, UntagResource, ListTagsForResource for clusters, services, task definitions and tasks. */
export function tagOperations(world: World) {
  const find = (arn: string | undefined): { tags: Tag[] } => {
    const cluster = [...world.clusters.values()].find((one) => one.arn === arn);
    const found =
      cluster ?? world.services.get(arn!) ?? world.taskDefinitions.get(arn!) ?? world.tasks.get(arn!);
    if (!found) throw invalid('The specified resource was not found. Check the ARN, and try again.');
    return found;
  };
  return {
    TagResource(input: TagResourceRequest): object {
      const resource = find(input.resourceArn);
      resource.tags = mergeTags(resource.tags, input.tags ?? []);
      return {};
    },
    UntagResource(input: UntagResourceRequest): object {
      const resource = find(input.resourceArn);
      resource.tags = resource.tags.filter(({ key }) => !input.tagKeys?.includes(key!));
      return {};
    },
    ListTagsForResource(input: ListTagsForResourceRequest): ListTagsForResourceResponse {
      return { tags: find(input.resourceArn).tags };
    },
  };
}

function invalid(message: string): ApiError {
  return new ApiError('InvalidParameterException', message);
}
