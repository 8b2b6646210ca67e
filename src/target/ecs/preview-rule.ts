import { randomBytes } from 'node:crypto';
import {
  AddTagsCommand,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeTagsCommand,
  ModifyRuleCommand,
  paginateDescribeRules,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeployError } from '../../errors.ts';
import { expiry, lockLost, renewed } from '../lock.ts';
import type { Lease, LockOwner, LockState, LockStore } from '../target.ts';
import { type Aws, errorName, modify, read } from './aws.ts';
import { asTags, isLockOf, type Locked, lockedBy, lockState, lockTag, lockTags } from './lock-tags.ts';
import { tagMap } from './tags.ts';

export const PREVIEW_HEADER = 'x-blue-green-preview';

export interface PreviewRuleOptions extends Locked {
  readonly listenerArn: string;
  readonly priority: number;
  /** The idle color's target group, at the moment of asking. */
  readonly idleGroup: () => Promise<string>;
}

/**
 * The preview rule, which is the lock: `CreateRule` at a fixed priority is atomic (PriorityInUse), its header value is
 * a nonce that only this run knows, its tags tell who holds it, and `DeleteRule` by ARN can only hit this very rule.
 */
export class PreviewRule implements LockStore {
  readonly #aws: Aws;
  readonly #options: PreviewRuleOptions;
  /** One for the process: a rule whose CreateRule was answered too late is known for ours by it. */
  readonly #nonce = randomBytes(16).toString('hex');
  /** When this process last opened or redirected the way in, ms since the epoch. */
  #since = 0;

  constructor(aws: Aws, options: PreviewRuleOptions) {
    this.#aws = aws;
    this.#options = options;
  }

  async read(): Promise<LockState | undefined> {
    const rule = await this.#find();
    if (rule?.RuleArn === undefined) return undefined;
    const tags = await this.#tags(rule.RuleArn);
    if (tags === undefined) return undefined; // deleted between the two calls
    this.#refuseForeign(rule, tags);
    return lockState(tags, rule.RuleArn);
  }

  async acquire(owner: LockOwner, ttlMs: number): Promise<Lease | undefined> {
    const { listenerArn, priority } = this.#options;
    const tags = asTags(lockTags(this.#options, owner, ttlMs));
    const group = await this.#options.idleGroup();
    const arn = await modify('elasticloadbalancing:CreateRule', async () => {
      try {
        const { Rules } = await this.#aws.elb.send(
          new CreateRuleCommand({
            ListenerArn: listenerArn,
            Priority: priority,
            Conditions: [
              {
                Field: 'http-header',
                HttpHeaderConfig: { HttpHeaderName: PREVIEW_HEADER, Values: [this.#nonce] },
              },
            ],
            Actions: [{ Type: 'forward', TargetGroupArn: group }],
            Tags: tags,
          }),
        );
        return Rules?.[0]?.RuleArn;
      } catch (error) {
        if (errorName(error) !== 'PriorityInUse') throw error;
        // Ours all the same when AWS did create it and the answer was lost: the SDK's second try then gets this error.
        const taken = await this.#find();
        return taken !== undefined && nonceOf(taken) === this.#nonce ? taken.RuleArn : undefined;
      }
    });
    if (arn === undefined) return undefined;
    this.#since = Date.now();
    return this.#lease(arn, ttlMs);
  }

  resume(handle: string, ttlMs: number): Promise<Lease | undefined> {
    return renewed(this.#lease(handle, ttlMs));
  }

  async break({ handle }: LockState): Promise<void> {
    await this.#delete(handle);
  }

  /** The header that leads to `group`, and since when it does; redirects the rule when it leads elsewhere. */
  async way(group: string): Promise<{ headers: Record<string, string>; since: number } | undefined> {
    const rule = await this.#find();
    const nonce = rule === undefined ? undefined : nonceOf(rule);
    if (rule?.RuleArn === undefined || nonce === undefined) return undefined;
    const leads =
      rule.Actions?.[0]?.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn ??
      rule.Actions?.[0]?.TargetGroupArn;
    if (leads !== group) {
      await modify('elasticloadbalancing:ModifyRule', () =>
        this.#aws.elb.send(
          new ModifyRuleCommand({
            RuleArn: rule.RuleArn,
            Actions: [{ Type: 'forward', TargetGroupArn: group }],
          }),
        ),
      );
      this.#since = Date.now();
    }
    return { headers: { [PREVIEW_HEADER]: nonce }, since: this.#since };
  }

  #lease(arn: string, ttlMs: number): Lease {
    // Without an answer there is no news about the lock, so this counts as a read.
    const set = (expires: string) =>
      read('elasticloadbalancing:AddTags', async () => {
        try {
          await this.#aws.elb.send(
            new AddTagsCommand({ ResourceArns: [arn], Tags: [{ Key: lockTag('expires'), Value: expires }] }),
          );
        } catch (error) {
          if (errorName(error) !== 'RuleNotFound') throw error;
          throw lockLost();
        }
      });
    return {
      handle: arn,
      renew: () => set(expiry(ttlMs)),
      release: ({ keepPreview }) => (keepPreview ? set(expiry(0)) : this.#delete(arn)),
    };
  }

  async #delete(arn: string): Promise<void> {
    await modify('elasticloadbalancing:DeleteRule', async () => {
      try {
        await this.#aws.elb.send(new DeleteRuleCommand({ RuleArn: arn }));
      } catch (error) {
        if (errorName(error) !== 'RuleNotFound') throw error;
      }
    });
  }

  /** Whatever rule stands at our priority. */
  async #find(): Promise<Rule | undefined> {
    const { listenerArn, priority } = this.#options;
    return read('elasticloadbalancing:DescribeRules', async () => {
      const pages = paginateDescribeRules({ client: this.#aws.elb }, { ListenerArn: listenerArn });
      for await (const { Rules = [] } of pages) {
        const rule = Rules.find(({ Priority }) => Priority === String(priority));
        if (rule !== undefined) return rule;
      }
      return undefined;
    });
  }

  async #tags(arn: string): Promise<ReadonlyMap<string, string> | undefined> {
    return read('elasticloadbalancing:DescribeTags', async () => {
      try {
        const answer = await this.#aws.elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
        return tagMap(answer.TagDescriptions?.[0]?.Tags);
      } catch (error) {
        if (errorName(error) === 'RuleNotFound') return undefined;
        throw error;
      }
    });
  }

  #refuseForeign(rule: Rule, tags: ReadonlyMap<string, string>): void {
    if (isLockOf(tags, this.#options)) return;
    const { listenerArn, priority } = this.#options;
    const owner = lockedBy(tags);
    throw new DeployError(
      owner === ''
        ? `Priority ${priority} of ${listenerArn} belongs to a rule of your own (${rule.RuleArn}).`
        : `Priority ${priority} of ${listenerArn} is used by ${owner}.`,
      {
        code: 'preview-priority-taken',
        hint: 'Set ecs.preview-priority to a priority that no other rule of this listener uses, smaller than theirs.',
      },
    );
  }
}

const nonceOf = (rule: Rule): string | undefined =>
  rule.Conditions?.find(
    ({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName?.toLowerCase() === PREVIEW_HEADER,
  )?.HttpHeaderConfig?.Values?.[0];
