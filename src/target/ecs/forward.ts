import type { Action, TargetGroupTuple } from '@aws-sdk/client-elastic-load-balancing-v2';
import { COLORS, type Color, type PerColor, type Weights } from '../../release/color.ts';

export type TargetGroups = PerColor<string>;

/** What a list of actions says of the two colors' target groups, and the same list with that changed. Pure. */

export const isForward = ({ Type }: Action) => Type === 'forward';

/** A forward to a single group is answered as TargetGroupArn, with or without a ForwardConfig beside it. */
const groupsOf = ({ ForwardConfig, TargetGroupArn }: Action): readonly TargetGroupTuple[] =>
  ForwardConfig?.TargetGroups?.length ? ForwardConfig.TargetGroups : [{ TargetGroupArn, Weight: 1 }];

const weightOf = (forward: Action, group: string): number | undefined => {
  const own = groupsOf(forward).find(({ TargetGroupArn }) => TargetGroupArn === group);
  return own === undefined ? undefined : (own.Weight ?? 1);
};

/** Whether the action may send something to the group, whatever its weight. */
export const namesGroup = (action: Action, group: string): boolean =>
  isForward(action) && weightOf(action, group) !== undefined;

/** Whether both groups are named, so that the idle one is attached, hence health-checked. */
export const namesBoth = (forward: Action, groups: TargetGroups): boolean =>
  COLORS.every((color) => weightOf(forward, groups[color]) !== undefined);

/** Groups of neither color that get traffic. */
export const foreignGroups = (forward: Action, groups: TargetGroups): string[] =>
  groupsOf(forward)
    .filter(
      ({ TargetGroupArn, Weight }) =>
        TargetGroupArn !== groups.blue && TargetGroupArn !== groups.green && Weight !== 0,
    )
    .map(({ TargetGroupArn = '' }) => TargetGroupArn);

/** Each color's share of the traffic, in whole percent; 0 and 100 are exact, as users may be on what has a thousandth. */
export function percentages(forward: Action, groups: TargetGroups): Weights {
  const total = groupsOf(forward).reduce((sum, { Weight }) => sum + (Weight ?? 1), 0);
  const share = (color: Color) => {
    const exact = total === 0 ? 0 : (100 * (weightOf(forward, groups[color]) ?? 0)) / total;
    return exact > 0 && exact < 100 ? Math.min(99, Math.max(1, Math.round(exact))) : exact;
  };
  return { blue: share('blue'), green: share('green') };
}

/** How long a client stays with the group that it got first, in seconds; 0 when it is not held at all. */
export function heldSeconds({ ForwardConfig }: Action): number {
  const { Enabled = false, DurationSeconds = 0 } = ForwardConfig?.TargetGroupStickinessConfig ?? {};
  return Enabled ? DurationSeconds : 0;
}

/** Whether the forward does what is wanted already: then nothing is sent. */
export const does = (forward: Action, wanted: Action, groups: TargetGroups): boolean => {
  const [is, should] = [percentages(forward, groups), percentages(wanted, groups)];
  return (
    COLORS.every(
      (color) =>
        is[color] === should[color] &&
        namesGroup(forward, groups[color]) === namesGroup(wanted, groups[color]),
    ) && heldSeconds(forward) === heldSeconds(wanted)
  );
};

/** The forward with other weights for the two groups. Groups of the user's own, which have no traffic, stay. */
export function withWeights(forward: Action, groups: TargetGroups, weights: Weights): Action {
  const former = groupsOf(forward);
  const added = COLORS.map((color) => groups[color])
    .filter((group) => !former.some(({ TargetGroupArn }) => TargetGroupArn === group))
    .map((TargetGroupArn): TargetGroupTuple => ({ TargetGroupArn }));
  const all = [...former, ...added].map((tuple) => {
    const color = COLORS.find((one) => groups[one] === tuple.TargetGroupArn);
    return color === undefined ? tuple : { ...tuple, Weight: weights[color] };
  });
  // Describe returns both forms for a single target; Modify takes one: the one that can weigh.
  const { TargetGroupArn: _, ...rest } = forward;
  return { ...rest, ForwardConfig: { ...forward.ForwardConfig, TargetGroups: all } };
}

/** The forward without the group, whose cookies then lead nowhere. */
export const without = (forward: Action, group: string): Action => ({
  ...forward,
  ForwardConfig: {
    ...forward.ForwardConfig,
    TargetGroups: groupsOf(forward).filter(({ TargetGroupArn }) => TargetGroupArn !== group),
  },
});

export const countGroups = (forward: Action): number => groupsOf(forward).length;

/** The forward with clients held to their group for so many seconds; 0: not at all. */
export function withHold(forward: Action, seconds: number): Action {
  if (seconds === heldSeconds(forward)) return forward;
  const former = forward.ForwardConfig?.TargetGroupStickinessConfig;
  const config =
    seconds === 0 ? { ...former, Enabled: false } : { ...former, Enabled: true, DurationSeconds: seconds };
  return { ...forward, ForwardConfig: { ...forward.ForwardConfig, TargetGroupStickinessConfig: config } };
}

/**
 * The whole list, which Modify* replaces, with another forward in it. An OIDC secret is never returned, so the stored
 * one is asked to be kept (`UseExistingClientSecret`).
 */
export const withForward = (actions: readonly Action[], former: Action, forward: Action): Action[] =>
  actions.map((action) => {
    if (action === former) return forward;
    if (action.Type !== 'authenticate-oidc' || action.AuthenticateOidcConfig === undefined) return action;
    const { ClientSecret: _, ...config } = action.AuthenticateOidcConfig;
    return { ...action, AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } };
  });
