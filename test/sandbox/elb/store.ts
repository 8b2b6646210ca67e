/** What the control plane knows: every resource, its tags, and who refers to whom. */
import type {
  Action,
  LoadBalancer,
  RuleCondition,
  RuleTransform,
  Tag,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { kindOf } from './arns.ts';
import * as errors from './errors.ts';

export interface RuleRecord {
  readonly arn: string;
  readonly listenerArn: string;
  priority: number;
  conditions: readonly RuleCondition[];
  /** With the client secrets that no Describe ever shows. */
  actions: readonly Action[];
  transforms: readonly RuleTransform[];
}

export type Protocol = 'HTTP' | 'HTTPS' | 'TCP';

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly defaultRuleArn: string;
  port: number;
  protocol: Protocol;
  certificates: readonly { CertificateArn?: string }[];
  sslPolicy: string | undefined;
  defaultActions: readonly Action[];
  readonly rules: Map<string, RuleRecord>;
}

export interface TargetGroupRecord {
  readonly arn: string;
  settings: TargetGroup;
  readonly attributes: Map<string, string>;
}

/** The target groups that a list of actions forwards to; weight 0 counts, since it attaches the group as well. */
export function targetGroupsOf(actions: readonly Action[]): string[] {
  return actions.flatMap(
    (action) => action.ForwardConfig?.TargetGroups?.map((group) => group.TargetGroupArn!) ?? [],
  );
}

export class Store {
  readonly loadBalancers = new Map<string, LoadBalancer>();
  readonly listeners = new Map<string, ListenerRecord>();
  readonly targetGroups = new Map<string, TargetGroupRecord>();
  readonly tags = new Map<string, Map<string, string>>();

  loadBalancer(arn: string): LoadBalancer {
    return this.loadBalancers.get(arn) ?? fail(errors.loadBalancerNotFound(arn));
  }

  listener(arn: string): ListenerRecord {
    if (kindOf(arn) !== 'listener') throw errors.validationError(`'${arn}' is not a valid listener ARN`);
    return this.listeners.get(arn) ?? fail(errors.listenerNotFound());
  }

  targetGroup(arn: string): TargetGroupRecord {
    if (kindOf(arn) !== 'targetgroup')
      throw errors.validationError(`'${arn}' is not a valid target group ARN`);
    return this.targetGroups.get(arn) ?? fail(errors.targetGroupNotFound(arn));
  }

  /** A rule, or the listener whose default rule the ARN names. */
  rule(arn: string): { listener: ListenerRecord; rule: RuleRecord | undefined } {
    if (kindOf(arn) !== 'listener-rule')
      throw errors.validationError(`'${arn}' is not a valid listener rule ARN`);
    for (const listener of this.listeners.values()) {
      if (listener.defaultRuleArn === arn) return { listener, rule: undefined };
      const rule = listener.rules.get(arn);
      if (rule) return { listener, rule };
    }
    throw errors.ruleNotFound();
  }

  /** The load balancers whose listeners or rules forward to the group. At most one, as AWS insists. */
  loadBalancersOf(targetGroupArn: string): string[] {
    const found = new Set<string>();
    for (const listener of this.listeners.values()) {
      if (this.#groupsOf(listener).has(targetGroupArn)) found.add(listener.loadBalancerArn);
    }
    return [...found];
  }

  /** All target groups that something forwards to. */
  attached(): Set<string> {
    return new Set([...this.listeners.values()].flatMap((listener) => [...this.#groupsOf(listener)]));
  }

  /** Every list of actions that forwards to the group, with the ARN of the rule that holds it. */
  actionsFor(targetGroupArn: string): { ruleArn: string; actions: readonly Action[] }[] {
    return [...this.listeners.values()]
      .flatMap((listener) => [
        { ruleArn: listener.defaultRuleArn, actions: listener.defaultActions },
        ...[...listener.rules.values()].map(({ arn, actions }) => ({ ruleArn: arn, actions })),
      ])
      .filter(({ actions }) => targetGroupsOf(actions).includes(targetGroupArn));
  }

  setTags(arn: string, tags: readonly Tag[]): void {
    const held = this.tags.get(arn) ?? new Map<string, string>();
    for (const { Key, Value } of tags) held.set(Key!, Value ?? '');
    this.tags.set(arn, held);
  }

  #groupsOf(listener: ListenerRecord): Set<string> {
    const lists = [listener.defaultActions, ...[...listener.rules.values()].map((rule) => rule.actions)];
    return new Set(lists.flatMap(targetGroupsOf));
  }
}

/** Rules in the order in which they are evaluated. */
export function byPriority(listener: ListenerRecord): RuleRecord[] {
  return [...listener.rules.values()].sort((one, other) => one.priority - other.priority);
}

function fail(error: Error): never {
  throw error;
}
