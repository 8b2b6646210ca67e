/** `v2` of `repo/app:v2` and of `repo/app:v2@sha256:...`, `sha256:...` of `repo/app@sha256:...`. */
export function tagOf(image: string): string {
  const [name = '', digest] = image.split('@');
  const last = name.slice(name.lastIndexOf('/') + 1);
  if (last.includes(':')) return last.slice(last.indexOf(':') + 1);
  return digest ?? 'latest';
}

/** Whether the image is the one that the user means by a tag, a digest or a full reference. */
export function isImage(image: string, wanted: string): boolean {
  const [name = '', digest] = image.split('@');
  return [image, name, digest, tagOf(image), tagOf(name)].includes(wanted);
}
