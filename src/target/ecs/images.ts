import { containersOf, IMAGE_TAG, type TaskDefinition } from './task-definitions.ts';

/** The images that containers get, by container. */
export interface Images {
  readonly references: ReadonlyMap<string, string>;
  /** The tag that the digests among them stood for; absent where none was put in the place of a tag. */
  readonly tag?: string;
}

/** Puts digests in the place of tags, where the registry can tell them. */
export type Pin = (wanted: ReadonlyMap<string, string>) => Promise<Images>;

/** A container's image, as `repository:tag@digest` where the digest is ours; empty where there is no such container. */
export function imageOf(definition: TaskDefinition, container: string): string {
  const image = containersOf(definition).find(({ name }) => name === container)?.image ?? '';
  const tag = definition.tags.find(({ key }) => key === IMAGE_TAG)?.value;
  const [repository, digest] = image.split('@');
  return digest === undefined || tag === undefined ? image : `${repository}:${tag}@${digest}`;
}

/** `repository:tag`, `repository@sha256:...` */
export const join = (repository: string, tag: string) =>
  tag.startsWith('sha256:') ? `${repository}@${tag}` : `${repository}:${tag}`;

/** `registry/shop` of `registry/shop:v1@sha256:...`: a colon before the last slash is a port's. */
export const repositoryOf = (image: string): string => (image.split('@')[0] ?? '').replace(/:[^/:]*$/, '');
