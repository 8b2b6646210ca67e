import { createHash } from 'node:crypto';
import type { ComposeService } from './compose-config.ts';
import { sorted } from './release-content.ts';

/** What the container itself tells. No digest of a variable is written down: it could be guessed from that. */
const LEFT_OUT = new Set(['environment', 'image']);
const LENGTH = 8;

/**
 * What the Compose file says of a service, a digest for each key: written on its containers, so that it can be told
 * later in which keys another release differs.
 * @param workspace an absolute path, which differs from runner to runner
 */
export function serviceDigests(service: ComposeService, workspace: string): ReadonlyMap<string, string> {
  const prefix = JSON.stringify(workspace).slice(1, -1);
  const digest = (value: unknown) =>
    createHash('sha256')
      .update(JSON.stringify(sorted(value)).replaceAll(prefix, '.'))
      .digest('hex')
      .slice(0, LENGTH);
  return new Map(
    Object.entries(service)
      .filter(([key, value]) => !LEFT_OUT.has(key) && value !== null && value !== undefined)
      .map(([key, value]) => [key, digest(value)]),
  );
}

/** `command=1a2b3c4d networks=…`, as a label's value. */
export const encodeDigests = (digests: ReadonlyMap<string, string>): string =>
  [...digests]
    .map(([key, digest]) => `${key}=${digest}`)
    .toSorted()
    .join(' ');

/** Nothing for a text that is none of ours: the containers were made without this action, or by an older version. */
export function decodeDigests(text: string): ReadonlyMap<string, string> | undefined {
  if (text === '') return undefined;
  return new Map(
    text.split(' ').map((pair) => {
      const at = pair.lastIndexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
}
