import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeployError } from '../../errors.ts';
import { COLORS, type Color, formatWeights, type PerColor, type Weights } from '../../release/color.ts';
import { type TrafficRule, trafficRule } from './arn.ts';
import { type Aws, errorName, modify, read } from './aws.ts';

export type TargetGroups = PerColor<string>;

/** How old a look may be where it leads to no change by itself, in ms. */
const RECENT_MS = 2_000;

/** What one rule does with the traffic, as AWS holds it. */
interface RuleActions {
  readonly rule: TrafficRule;
  readonly actions: readonly Action[];
  readonly forward: Action;
}

/** The listeners and rules that carry the traffic; they all move together. */
export class Traffic {
  readonly #aws: Aws;
  readonly rules: readonly TrafficRule[];
  #last: { readonly rules: readonly RuleActions[]; readonly at: number } | undefined;

  constructor(aws: Aws, arns: readonly string[]) {
    this.#aws = aws;
    this.rules = arns.map(trafficRule);
  }

  /**
   * How much each color gets, in percent. Where several rules disagree each color gets the most that any rule gives
   * it, so that a sum of over 100 tells.
   * @throws DeployError `foreign-target-group` when a rule forwards to something that is neither color
   */
  async weights(groups: TargetGroups): Promise<Weights> {
    const all = (await this.#read()).map((rule) => percentages(rule, groups));
    return {
      blue: Math.max(...all.map(({ blue }) => blue)),
      green: Math.max(...all.map(({ green }) => green)),
    };
  }

  /** Whether each rule's forward names both groups, so that the idle one is attached, hence health-checked. */
  async detached(groups: TargetGroups): Promise<readonly TrafficRule[]> {
    return (await this.#recent())
      .filter(({ forward }) => COLORS.some((color) => weightOf(forward, groups[color]) === undefined))
      .map(({ rule }) => rule);
  }

  /** Sets the weights on every rule, back to back, and checks that AWS took them. Everything else stays as it is. */
  async set(groups: TargetGroups, weights: Weights): Promise<void> {
    for (const { rule, actions, forward } of await this.#read()) {
      const wanted = withWeights(actions, forward, groups, weights);
      this.#last = undefined;
      const answered = await this.#modify(rule, wanted);
      const now = answered.find(isForward);
      const taken =
        now !== undefined && COLORS.every((color) => weightOf(now, groups[color]) === weights[color]);
      if (!taken)
        throw new DeployError(`The load balancer did not take the weights ${formatWeights(weights)}.`, {
          code: 'shift-refused',
          hint: `Look at ${rule.arn}: something else changes it too.`,
        });
    }
  }

  /** All actions of ELBv2 share one small bucket of the account: what was just seen is not asked for again. */
  async #recent(): Promise<readonly RuleActions[]> {
    if (this.#last !== undefined && Date.now() - this.#last.at <= RECENT_MS) return this.#last.rules;
    return this.#read();
  }

  async #read(): Promise<readonly RuleActions[]> {
    const at = Date.now();
    const listeners = this.rules.filter(({ kind }) => kind === 'listener').map(({ arn }) => arn);
    const rules = this.rules.filter(({ kind }) => kind === 'rule').map(({ arn }) => arn);
    const actions = new Map<string, readonly Action[]>();
    if (listeners.length > 0) {
      const answer = await found(listeners, 'elasticloadbalancing:DescribeListeners', () =>
        this.#aws.elb.send(new DescribeListenersCommand({ ListenerArns: listeners })),
      );
      for (const { ListenerArn = '', DefaultActions = [] } of answer.Listeners ?? [])
        actions.set(ListenerArn, DefaultActions);
    }
    if (rules.length > 0) {
      const answer = await found(rules, 'elasticloadbalancing:DescribeRules', () =>
        this.#aws.elb.send(new DescribeRulesCommand({ RuleArns: rules })),
      );
      for (const { RuleArn = '', Actions = [] } of answer.Rules ?? []) actions.set(RuleArn, Actions);
    }
    const seen = this.rules.map((rule) => {
      const own = actions.get(rule.arn);
      if (own === undefined) throw notFound([rule.arn]);
      const forward = own.find(isForward);
      if (forward === undefined)
        throw new DeployError(
          `${rule.arn} forwards to no target group (${own.map(({ Type }) => Type).join(', ')}).`,
          {
            code: 'no-forward',
            hint: 'Name the listener or the rule in ecs.listeners that forwards to the blue or green target group.',
          },
        );
      return { rule, actions: own, forward };
    });
    this.#last = { rules: seen, at };
    return seen;
  }

  async #modify({ kind, arn }: TrafficRule, actions: Action[]): Promise<readonly Action[]> {
    if (kind === 'rule') {
      const answer = await modify('elasticloadbalancing:ModifyRule', () =>
        this.#aws.elb.send(new ModifyRuleCommand({ RuleArn: arn, Actions: actions })),
      );
      return answer.Rules?.[0]?.Actions ?? [];
    }
    const answer = await modify('elasticloadbalancing:ModifyListener', () =>
      this.#aws.elb.send(new ModifyListenerCommand({ ListenerArn: arn, DefaultActions: actions })),
    );
    return answer.Listeners?.[0]?.DefaultActions ?? [];
  }
}

async function found<T>(arns: string[], action: string, call: () => Promise<T>): Promise<T> {
  return read(action, async () => {
    try {
      return await call();
    } catch (error) {
      if (/^(ListenerNotFound|RuleNotFound|LoadBalancerNotFound)$/.test(errorName(error)))
        throw notFound(arns);
      throw error;
    }
  });
}

const notFound = (arns: string[]) =>
  new DeployError(`There is no listener or rule ${arns.join(', nor ')}.`, {
    code: 'listener-not-found',
    hint: 'Check ecs.listeners, and that ecs.region and the credentials are those of the load balancer.',
  });

const isForward = ({ Type }: Action) => Type === 'forward';

/** A forward to a single group is answered as TargetGroupArn, with or without a ForwardConfig beside it. */
const groupsOf = ({ ForwardConfig, TargetGroupArn }: Action) =>
  ForwardConfig?.TargetGroups?.length ? ForwardConfig.TargetGroups : [{ TargetGroupArn, Weight: 1 }];

const weightOf = (forward: Action, group: string): number | undefined => {
  const own = groupsOf(forward).find(({ TargetGroupArn }) => TargetGroupArn === group);
  return own === undefined ? undefined : (own.Weight ?? 1);
};

function percentages({ rule, forward }: RuleActions, groups: TargetGroups): Weights {
  const all = groupsOf(forward);
  const foreign = all.filter(
    ({ TargetGroupArn, Weight }) =>
      TargetGroupArn !== groups.blue && TargetGroupArn !== groups.green && Weight !== 0,
  );
  if (foreign.length > 0)
    throw new DeployError(
      `${rule.arn} forwards to ${foreign.map(({ TargetGroupArn }) => TargetGroupArn).join(', ')}, which is the target group of neither color.`,
      {
        code: 'foreign-target-group',
        hint: `Blue is ${groups.blue}, green is ${groups.green}: correct ecs.listeners, ecs.services or ecs.target-groups.`,
      },
    );
  const total = all.reduce((sum, { Weight }) => sum + (Weight ?? 1), 0);
  const share = (color: Color) =>
    total === 0 ? 0 : Math.round((100 * (weightOf(forward, groups[color]) ?? 0)) / total);
  return { blue: share('blue'), green: share('green') };
}

/**
 * The whole list of actions, which Modify* replaces: all as they were, but for the weights of the two groups.
 * An OIDC secret is never returned, so the stored one is asked to be kept (`UseExistingClientSecret`).
 */
function withWeights(
  actions: readonly Action[],
  forward: Action,
  groups: TargetGroups,
  weights: Weights,
): Action[] {
  return actions.map((action) => {
    if (action.Type === 'authenticate-oidc' && action.AuthenticateOidcConfig !== undefined) {
      const { ClientSecret: _, ...config } = action.AuthenticateOidcConfig;
      return { ...action, AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } };
    }
    if (action !== forward) return action;
    // Describe returns both forms for a single target; Modify takes one: the one that can weigh.
    const { TargetGroupArn: _, ...rest } = action;
    return {
      ...rest,
      ForwardConfig: {
        ...action.ForwardConfig,
        TargetGroups: COLORS.map((color) => ({ TargetGroupArn: groups[color], Weight: weights[color] })),
      },
    };
  });
}
