import { randomBytes } from 'node:crypto';
import { expiry, lockLost, ownerFrom, ownerTexts, renewed } from '../lock.ts';
import type { Lease, LockOwner, LockState, LockStore } from '../target.ts';
import type { DockerCli } from './docker-cli.ts';
import { type FoundScrap, Scrap, scopeOf } from './scrap.ts';

const label = (name: string) => `blue-green.lock.${name}`;
const FOLDER = 'lease';

/**
 * The lock: a container that is created and never started, under a fixed name. Docker gives a name to one container
 * only; the container's id is the fencing token, since whoever takes the lock over makes another container. Its labels
 * tell who holds it; until when is in a file, which the owner renews by id.
 */
export class LockContainer implements LockStore {
  readonly #scrap: Scrap;
  /** One for the process: a container whose creation was answered too late, or never, is known for ours by it. */
  readonly #nonce = randomBytes(16).toString('hex');

  constructor(options: {
    readonly docker: DockerCli;
    readonly app: string;
    readonly environment: string;
  }) {
    this.#scrap = new Scrap({ ...options, purpose: 'lock' });
  }

  async read(): Promise<LockState | undefined> {
    const found = await this.#scrap.find();
    if (found === undefined) return undefined;
    const text = (name: string) => found.labels[label(name)] ?? '';
    const renewal = latest(await this.#scrap.read(found.id, FOLDER));
    return {
      owner: ownerFrom(text),
      expires: Date.parse(renewal ?? text('expires')) || 0,
      handle: found.id,
    };
  }

  async acquire(owner: LockOwner, ttlMs: number): Promise<Lease | undefined> {
    const taken = await this.#scrap.find();
    if (taken !== undefined) return this.#own(taken, ttlMs);
    const created = await this.#scrap.create({
      ...labelled(ownerTexts(owner)),
      // Holds until the first renewal.
      [label('expires')]: expiry(ttlMs),
      [label('nonce')]: this.#nonce,
    });
    if (created !== undefined) return this.#lease(created, ttlMs);
    // Somebody was quicker; or it is ours, and Docker's answer came too late.
    const quicker = await this.#scrap.find();
    return quicker === undefined ? undefined : this.#own(quicker, ttlMs);
  }

  resume(handle: string, ttlMs: number): Promise<Lease | undefined> {
    return renewed(this.#lease(handle, ttlMs));
  }

  async break({ handle }: LockState): Promise<void> {
    await this.#scrap.remove(handle);
  }

  #own({ id, labels }: FoundScrap, ttlMs: number): Lease | undefined {
    return labels[label('nonce')] === this.#nonce ? this.#lease(id, ttlMs) : undefined;
  }

  #lease(id: string, ttlMs: number): Lease {
    let slot = 0;
    return {
      handle: id,
      renew: async () => {
        const expires = expiry(ttlMs);
        // Each renewal is a file of its own, and the last one counts: one that was cut off takes nothing away. Two
        // names are enough, as only the newest can be cut off.
        slot = 1 - slot;
        if (!(await this.#scrap.write(id, { [`${FOLDER}/${slot}`]: expires }))) throw lockLost();
      },
      // The engine mounts a container's files for each write, which takes it a tenth of a second; this takes it a
      // hundredth of that. Whoever takes the lock over removes this container first.
      confirm: async () => {
        if ((await this.#scrap.find())?.id !== id) throw lockLost();
      },
      // A staged release stays in the journal, which are volumes: with or without it, the lock goes.
      release: async () => {
        await this.#scrap.remove(id);
        await this.#scrap.removeImages();
      },
    };
  }
}

/** Of which apps and environments there is a run on this host: a lock whose lease has not ended. */
export async function heldLocks(
  docker: DockerCli,
): Promise<readonly { readonly app: string; readonly environment: string }[]> {
  const listed = await docker.containers({ label: [label('expires')] });
  const scopes = listed.flatMap(({ Labels }) => scopeOf(Labels ?? {}) ?? []);
  const states = await Promise.all(scopes.map((scope) => new LockContainer({ docker, ...scope }).read()));
  return scopes.filter((_, index) => (states[index]?.expires ?? 0) > Date.now());
}

const labelled = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [label(name), text]));

/** The latest of the times that can be read. */
const latest = (files: ReadonlyMap<string, string>): string | undefined =>
  [...files.values()]
    .filter((text) => ISO_TIME.test(text))
    .sort()
    .at(-1);

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
