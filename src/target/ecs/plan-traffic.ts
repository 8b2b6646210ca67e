import { allOn, COLORS, type Color, otherColor, type Weights } from '../../release/color.ts';
import type { TrafficRule } from './arn.ts';
import type { TargetGroups, Traffic } from './traffic.ts';

/** By which calls the traffic would move: what EcsTarget does with traffic.ts and stickiness.ts. */
export interface TrafficCalls {
  readonly prepare: readonly string[];
  shift(weights: Weights): readonly string[];
  /** Before the old color is parked. */
  readonly putBack: readonly string[];
}

export async function trafficCalls(
  traffic: Traffic,
  {
    to,
    groups,
    isMandatory,
    keeper,
    preview,
  }: {
    /** The color that is idle now. */
    readonly to: Color;
    readonly groups: TargetGroups;
    /** A target group holds clients itself, so that AWS insists on group stickiness. */
    readonly isMandatory: boolean;
    /** The service whose tags keep what the rules had. */
    readonly keeper: string;
    readonly preview: string;
  },
): Promise<TrafficCalls> {
  const { rules } = traffic;
  const detached = await traffic.detached(groups);
  const held = await traffic.held();
  const isHeld = (rule: TrafficRule) =>
    (held.get(rule) ?? 0) > 0 || (isMandatory && detached.some(({ arn }) => arn === rule.arn));
  const holds = rules.some(isHeld);
  return {
    prepare: detached.map((rule) => modify(rule, `${textOf(allOn(otherColor(to)))} (both target groups)`)),
    shift(weights) {
      const losing = COLORS.find((color) => weights[color] === 0);
      const isLeftOut = losing !== undefined && holds && isMandatory;
      const text = textOf(weights, isLeftOut ? losing : undefined);
      return [
        ...(losing !== undefined && holds
          ? [`ecs:TagResource ${keeper}: notes how long the rules hold clients, which ends now`]
          : []),
        // It would be health-checked no longer.
        ...(isLeftOut ? [`elasticloadbalancing:ModifyRule ${preview}: leads to ${losing}`] : []),
        ...rules.map((rule) => modify(rule, text)),
      ];
    },
    putBack: holds
      ? [
          ...rules
            .filter((rule) => isMandatory || isHeld(rule))
            .map((rule) => modify(rule, `${textOf(allOn(to))} (holds clients again as it did)`)),
          `ecs:UntagResource ${keeper}: how long the rules held clients`,
        ]
      : [],
  };
}

/** `blue 0, green 100` */
const textOf = (weights: Weights, leftOut?: Color): string =>
  COLORS.filter((color) => color !== leftOut)
    .map((color) => `${color} ${weights[color]}`)
    .join(', ');

const modify = ({ kind, arn }: TrafficRule, text: string): string =>
  `elasticloadbalancing:${kind === 'rule' ? 'ModifyRule' : 'ModifyListener'} ${arn.slice(arn.indexOf('listener'))}: ${text}`;
