/** What ECS's own blue/green does to listeners. AWS counts these calls in buckets of their own (facts/ecs.md 4g). */
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operations, TrafficControl } from '../contract.ts';
import type { Store } from './store.ts';

export function trafficControl(store: Store, operations: Operations): TrafficControl {
  const actionsOf = (ruleArn: string): readonly Action[] => {
    const { listener, rule } = store.rule(ruleArn);
    return rule?.actions ?? listener.defaultActions;
  };
  return {
    exists(ruleArn) {
      try {
        return actionsOf(ruleArn).length > 0;
      } catch {
        return false;
      }
    },
    weights(ruleArn) {
      const forward = actionsOf(ruleArn).find(({ Type }) => Type === 'forward');
      return new Map(
        forward?.ForwardConfig?.TargetGroups?.map(({ TargetGroupArn, Weight }) => [
          TargetGroupArn!,
          Weight ?? 1,
        ]),
      );
    },
    weigh(ruleArn, weights) {
      const { listener, rule } = store.rule(ruleArn);
      // ECS rewrites a single-target forward to the weighted form (terraform-provider-aws #45678).
      const changed = actionsOf(ruleArn).map((action): Action => {
        if (action.Type !== 'forward') return action;
        const TargetGroups = [...weights].map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
        const { TargetGroupArn: _, ...rest } = action;
        return { ...rest, ForwardConfig: { ...action.ForwardConfig, TargetGroups } };
      });
      if (rule) operations['ModifyRule']!({ RuleArn: ruleArn, Actions: changed });
      else operations['ModifyListener']!({ ListenerArn: listener.arn, DefaultActions: changed });
    },
  };
}
