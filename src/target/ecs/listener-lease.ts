import { randomBytes } from 'node:crypto';
import {
  AddTagsCommand,
  DescribeTagsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeployError } from '../../errors.ts';
import { expiry, lockLost } from '../lock.ts';
import type { Lease, LockOwner, LockState, LockStore } from '../target.ts';
import { type Aws, modify, read } from './aws.ts';
import { asTags, isLockOf, type Locked, lockedBy, lockState, lockTag, lockTags } from './lock-tags.ts';
import { tagMap } from './tags.ts';

export interface ListenerLeaseOptions extends Locked {
  readonly listenerArn: string;
}

const NAMES = ['app', 'environment', 'owner', 'run-url', 'actor', 'reason', 'operation', 'expires', 'nonce'];

/**
 * The lock where there are no rules: a network load balancer. Tags of the listener tell who is at work. Writing them is
 * not atomic, as CreateRule is: of two runs that begin in the same moment the later one overwrites the other, which
 * finds that out when it renews its lease, that is before its next change (lock.ts, `fence`), and stops there.
 */
export class ListenerLease implements LockStore {
  readonly warning =
    'A network load balancer has no listener rules, hence no preview, and no lock that only one of two runs can get: it is a tag on the listener, and of two runs that begin in the same moment one stops only before its next change. Keep runs apart by `concurrency` in the workflow.';
  readonly #aws: Aws;
  readonly #options: ListenerLeaseOptions;
  readonly #nonce = randomBytes(16).toString('hex');

  constructor(aws: Aws, options: ListenerLeaseOptions) {
    this.#aws = aws;
    this.#options = options;
  }

  async read(): Promise<LockState | undefined> {
    const tags = await this.#tags();
    const handle = tags.get(lockTag('nonce'));
    if (handle === undefined) return undefined;
    if (!isLockOf(tags, this.#options))
      throw new DeployError(`${this.#options.listenerArn} is held by ${lockedBy(tags)}.`, {
        code: 'listener-taken',
        hint: 'A listener of a network load balancer carries one app: correct ecs.listeners, or remove its blue-green: tags.',
      });
    return lockState(tags, handle);
  }

  async acquire(owner: LockOwner, ttlMs: number): Promise<Lease | undefined> {
    // Also one that is over: whoever wants it breaks it first.
    const holder = await this.read();
    if (holder !== undefined && holder.handle !== this.#nonce) return undefined;
    await this.#write({ ...lockTags(this.#options, owner, ttlMs), nonce: this.#nonce });
    return (await this.#holds(this.#nonce)) ? this.#lease(this.#nonce, ttlMs) : undefined;
  }

  async resume(handle: string, ttlMs: number): Promise<Lease | undefined> {
    if (!(await this.#holds(handle))) return undefined;
    const lease = this.#lease(handle, ttlMs);
    await lease.renew();
    return lease;
  }

  async break({ handle }: LockState): Promise<void> {
    await this.#remove(handle);
  }

  /** There is no way to the idle color through this load balancer before users have it. */
  way(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  #lease(handle: string, ttlMs: number): Lease {
    return {
      handle,
      renew: async () => {
        if (!(await this.#holds(handle)))
          throw lockLost(
            'Look at the run that holds the lock now, and keep runs apart by `concurrency` in the workflow.',
          );
        await this.#write({ expires: expiry(ttlMs) });
      },
      release: () => this.#remove(handle),
    };
  }

  async #holds(handle: string): Promise<boolean> {
    return (await this.#tags()).get(lockTag('nonce')) === handle;
  }

  /** Without an answer there is no news about the lock, so this counts as a read. */
  async #write(entries: Readonly<Record<string, string>>): Promise<void> {
    await read('elasticloadbalancing:AddTags', () =>
      this.#aws.elb.send(
        new AddTagsCommand({ ResourceArns: [this.#options.listenerArn], Tags: asTags(entries) }),
      ),
    );
  }

  async #remove(handle: string): Promise<void> {
    if (!(await this.#holds(handle))) return;
    await modify('elasticloadbalancing:RemoveTags', () =>
      this.#aws.elb.send(
        new RemoveTagsCommand({ ResourceArns: [this.#options.listenerArn], TagKeys: NAMES.map(lockTag) }),
      ),
    );
  }

  async #tags(): Promise<ReadonlyMap<string, string>> {
    const answer = await read('elasticloadbalancing:DescribeTags', () =>
      this.#aws.elb.send(new DescribeTagsCommand({ ResourceArns: [this.#options.listenerArn] })),
    );
    return tagMap(answer.TagDescriptions?.[0]?.Tags);
  }
}
