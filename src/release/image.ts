/** `v2` of `repo/app:v2`, `sha256:...` of `repo/app@sha256:...`. */
export function tagOf(image: string): string {
  const [name = '', digest] = image.split('@');
  if (digest !== undefined) return digest;
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last.includes(':') ? last.slice(last.indexOf(':') + 1) : 'latest';
}

/** Whether the image is the one that the user means by a tag, a digest or a full reference. */
export const isImage = (image: string, tag: string): boolean =>
  tagOf(image) === tag || image === tag || tagOf(image.split('@')[0] ?? '') === tag;
