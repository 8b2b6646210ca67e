import { expiry, ownerFrom, ownerTexts } from '../lock.ts';
import type { LockOwner, LockState } from '../target.ts';
import { TAG_PREFIX, tagValue } from './tags.ts';

/** Who holds the lock, as tags of an ELBv2 resource: the preview rule, or the listener where there are no rules. */

/** Of what: so that two apps don't take each other's lock for their own. */
export interface Locked {
  readonly app: string;
  readonly environment: string;
}

export const lockTag = (name: string): string => `${TAG_PREFIX}${name}`;

/** The whole lock, by the names of its tags. */
export const lockTags = ({ app, environment }: Locked, owner: LockOwner, ttlMs: number) => ({
  app,
  environment,
  ...ownerTexts(owner),
  expires: expiry(ttlMs),
});

/** In the form that ELBv2 takes. */
export const asTags = (entries: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries(entries).map(([key, value]) => ({ Key: lockTag(key), Value: tagValue(value) }));

export function lockState(tags: ReadonlyMap<string, string>, handle: string): LockState {
  const text = (name: string) => tags.get(lockTag(name)) ?? '';
  return {
    owner: ownerFrom(text),
    expires: Date.parse(text('expires')) || 0,
    handle,
  };
}

/** Whose lock it is; empty where it is nobody's. */
export const lockedBy = (tags: ReadonlyMap<string, string>): string =>
  [tags.get(lockTag('app')), tags.get(lockTag('environment'))].filter((one) => one !== undefined).join(' ');

export const isLockOf = (tags: ReadonlyMap<string, string>, { app, environment }: Locked): boolean =>
  tags.get(lockTag('app')) === tagValue(app) && tags.get(lockTag('environment')) === tagValue(environment);
