/** What an image reference is made of: `name:tag@digest`, all but the name may be absent. */
interface Reference {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

function parse(reference: string): Reference {
  const [before = '', digest] = reference.split('@');
  // A colon before the last slash is a registry's port.
  const colon = before.indexOf(':', before.lastIndexOf('/') + 1);
  return colon === -1
    ? { name: before, digest }
    : { name: before.slice(0, colon), tag: before.slice(colon + 1), digest };
}

/** `v2` of `repo/app:v2`, also where its digest is known (`repo/app:v2@sha256:...`); else the digest. */
export function tagOf(image: string): string {
  const { tag, digest } = parse(image);
  return tag ?? digest ?? 'latest';
}

/**
 * Whether the image is the one that the user means by a tag, a digest, `repo:tag`, `repo@digest` or a full reference:
 * each part that the user names must be the same.
 */
export function isImage(image: string, wanted: string): boolean {
  if (image === wanted) return true;
  const own = parse(image);
  if (/^sha256:[0-9a-f]+$/.test(wanted)) return own.digest === wanted;
  if (!/[:@/]/.test(wanted)) return tagOf(image) === wanted;
  const { name, tag, digest } = parse(wanted);
  return (
    own.name === name &&
    (tag === undefined || own.tag === tag) &&
    (digest === undefined || own.digest === digest) &&
    (tag ?? digest) !== undefined
  );
}

/** For a line of text: of the digest only its beginning, which is enough to tell it from others. Outputs have all of it. */
export const readable = (image: string): string => image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}$/, '$1');
