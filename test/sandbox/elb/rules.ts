/** CreateRule, DescribeRules, ModifyRule, DeleteRule, SetRulePriorities. */
import type {
  CreateRuleCommandInput,
  DescribeRulesCommandInput,
  ModifyRuleCommandInput,
  Rule,
  SetRulePrioritiesCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError, type Operations } from '../contract.ts';
import { normalActions, shownActions } from './actions.ts';
import { isNetwork, ruleArn } from './arns.ts';
import { normalConditions } from './conditions.ts';
import { operationNotPermitted, priorityInUse, validationError } from './errors.ts';
import type { DataPlane } from './listeners.ts';
import { page } from './pages.ts';
import { byPriority, type ListenerRecord, type RuleRecord, type Store } from './store.ts';
import { checkTags } from './tags.ts';

/** AWS's quota of rules per load balancer, without the default ones. */
const mostRules = 100;
const lastPriority = 50_000;

/** The operations on rules. */
export function ruleOperations(store: Store, dataPlane: DataPlane): Operations {
  /** A rule that may be changed. AWS changes default rules through ModifyListener only. */
  const changeable = (arn: string | undefined, change: string) => {
    const { listener, rule } = store.rule(arn ?? '');
    if (!rule) throw operationNotPermitted(`Default rule '${arn}' cannot be ${change}`);
    return { listener, rule };
  };
  return {
    CreateRule(input: CreateRuleCommandInput) {
      const listener = store.listener(input.ListenerArn!);
      if (isNetwork(listener.arn)) throw validationError('Rules are not supported for TCP listeners');
      const priority = checkPriority(input.Priority);
      checkTags(input.Tags ?? []);
      const conditions = normalConditions(input.Conditions);
      const actions = normalActions(input.Actions, contextOf(store, listener));
      // One step after the checks, with nothing awaited in between: this is what makes a rule a lock.
      if ([...listener.rules.values()].some((rule) => rule.priority === priority))
        throw priorityInUse(priority);
      if (rulesOfLoadBalancer(store, listener) >= mostRules) {
        throw new ApiError(
          'TooManyRules',
          `You have reached the maximum number of rules of a load balancer: ${mostRules}`,
        );
      }
      const rule: RuleRecord = {
        arn: ruleArn(listener.arn),
        listenerArn: listener.arn,
        priority,
        conditions,
        actions,
        transforms: input.Transforms ?? [],
      };
      listener.rules.set(rule.arn, rule);
      store.setTags(rule.arn, input.Tags ?? []);
      dataPlane.push(listener);
      return { Rules: [shownRule(rule)] };
    },

    DescribeRules({ ListenerArn, RuleArns = [], ...paging }: DescribeRulesCommandInput) {
      if (!ListenerArn && RuleArns.length === 0) {
        throw validationError('You must specify either listener rule ARNs or a listener ARN');
      }
      const wanted =
        RuleArns.length > 0
          ? RuleArns.map((arn) => {
              const { listener, rule } = store.rule(arn);
              return rule ? shownRule(rule) : shownDefaultRule(listener);
            })
          : allRules(store.listener(ListenerArn!));
      const { items, NextMarker } = page(wanted, paging);
      return { Rules: items, NextMarker };
    },

    ModifyRule(input: ModifyRuleCommandInput) {
      const { listener, rule } = changeable(input.RuleArn, 'modified');
      if (input.Transforms && input.ResetTransforms) {
        throw validationError('You cannot both specify transforms and set ResetTransforms to true');
      }
      const context = { ...contextOf(store, listener), replaced: rule.actions };
      const conditions = input.Conditions ? normalConditions(input.Conditions) : rule.conditions;
      const actions = input.Actions ? normalActions(input.Actions, context) : rule.actions;
      const transforms = input.ResetTransforms ? [] : (input.Transforms ?? rule.transforms);
      Object.assign(rule, { conditions, actions, transforms });
      dataPlane.push(listener);
      return { Rules: [shownRule(rule)] };
    },

    DeleteRule({ RuleArn }: { RuleArn?: string }) {
      const { listener, rule } = changeable(RuleArn, 'deleted');
      listener.rules.delete(rule.arn);
      store.tags.delete(rule.arn);
      dataPlane.push(listener);
      return {};
    },

    SetRulePriorities({ RulePriorities = [] }: SetRulePrioritiesCommandInput) {
      if (RulePriorities.length === 0) throw validationError('At least one rule priority must be specified');
      const moves = RulePriorities.map(({ RuleArn, Priority }) => ({
        ...changeable(RuleArn, 'modified'),
        priority: checkPriority(Priority),
      }));
      // Conflicts are judged by the order that results, which is what allows two rules to change places.
      const wanted = new Map(moves.map(({ rule, priority }) => [rule.arn, priority]));
      for (const listener of new Set(moves.map((move) => move.listener))) {
        const taken = new Set<number>();
        for (const rule of listener.rules.values()) {
          const priority = wanted.get(rule.arn) ?? rule.priority;
          if (taken.has(priority)) throw priorityInUse(priority);
          taken.add(priority);
        }
      }
      for (const { rule, priority } of moves) rule.priority = priority;
      for (const listener of new Set(moves.map((move) => move.listener))) dataPlane.push(listener);
      return { Rules: moves.map(({ rule }) => shownRule(rule)) };
    },
  };
}

function allRules(listener: ListenerRecord): Rule[] {
  return [...byPriority(listener).map(shownRule), shownDefaultRule(listener)];
}

function shownRule(rule: RuleRecord): Rule {
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    Conditions: structuredClone([...rule.conditions]),
    Actions: shownActions(rule.actions),
    IsDefault: false,
    Transforms: structuredClone([...rule.transforms]),
  };
}

function shownDefaultRule(listener: ListenerRecord): Rule {
  return {
    RuleArn: listener.defaultRuleArn,
    Priority: 'default',
    Conditions: [],
    Actions: shownActions(listener.defaultActions),
    IsDefault: true,
    Transforms: [],
  };
}

function contextOf(store: Store, listener: ListenerRecord) {
  return { store, loadBalancerArn: listener.loadBalancerArn, protocol: listener.protocol };
}

function rulesOfLoadBalancer(store: Store, { loadBalancerArn }: ListenerRecord): number {
  return [...store.listeners.values()]
    .filter((listener) => listener.loadBalancerArn === loadBalancerArn)
    .reduce((sum, listener) => sum + listener.rules.size, 0);
}

function checkPriority(priority: number | undefined): number {
  if (Number.isInteger(priority) && priority! >= 1 && priority! <= lastPriority) return priority!;
  throw validationError(`Rule priority '${priority}' must be between 1 and ${lastPriority}`);
}
