import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { isNetworkListener } from '../../config/network.ts';
import { DeployError } from '../../errors.ts';
import { formatWeights, type Weights } from '../../release/color.ts';
import { type TrafficRule, trafficRule } from './arn.ts';
import type { Aws } from './aws.ts';
import {
  countGroups,
  does,
  foreignGroups,
  heldSeconds,
  namesBoth,
  percentages,
  type TargetGroups,
  withHold,
  without,
  withWeights,
} from './forward.ts';
import { type RuleState, readRules, writeForward } from './rules.ts';

export type { TargetGroups } from './forward.ts';

/** How rules are to hold clients to their target group (stickiness.ts). */
export interface Hold {
  /** For so long, in seconds, given how long a rule does now. */
  readonly seconds: (rule: TrafficRule, now: number) => number;
  /** This target group is left out of the rules. */
  readonly without?: string;
}

/** How old a look may be where it leads to no change by itself, in ms. */
const RECENT_MS = 2_000;

/** The listeners and rules that carry the traffic; they all move together. */
export class Traffic {
  readonly #aws: Aws;
  readonly rules: readonly TrafficRule[];
  #last: { readonly rules: readonly RuleState[]; readonly at: number } | undefined;

  constructor(aws: Aws, arns: readonly string[]) {
    this.#aws = aws;
    this.rules = arns.map(trafficRule);
  }

  /** Whether it is connections that are shared out, and not requests. */
  get isNetwork(): boolean {
    return this.rules.some(({ listenerArn }) => isNetworkListener(listenerArn));
  }

  /**
   * How much each color gets, in percent. Where several rules disagree each color gets the most that any rule gives
   * it, so that a sum of over 100 tells.
   * @throws DeployError `foreign-target-group` when a rule forwards to something that is neither color
   */
  async weights(groups: TargetGroups): Promise<Weights> {
    const all = (await this.#read()).map((state) => weightsOf(state, groups));
    return {
      blue: Math.max(...all.map(({ blue }) => blue)),
      green: Math.max(...all.map(({ green }) => green)),
    };
  }

  /** The rules whose forward does not name both groups. */
  async detached(groups: TargetGroups): Promise<readonly TrafficRule[]> {
    return (await this.#recent())
      .filter(({ forward }) => !namesBoth(forward, groups))
      .map(({ rule }) => rule);
  }

  /** How long each rule holds clients to the target group that they got first, in seconds. */
  async held(): Promise<ReadonlyMap<TrafficRule, number>> {
    return new Map((await this.#recent()).map(({ rule, forward }) => [rule, heldSeconds(forward)]));
  }

  /**
   * Sets the weights on every rule, back to back: the load balancer gathers changes for about ten seconds before its
   * nodes get them (facts/ecs.md 4d). The first that AWS refuses ends it; whoever called puts back what has moved.
   */
  async set(groups: TargetGroups, weights: Weights, hold: Hold): Promise<void> {
    for (const state of await this.#read()) {
      const both = withWeights(state.forward, groups, weights);
      const wanted = hold.without === undefined ? both : without(both, hold.without);
      const seconds = hold.seconds(state.rule, heldSeconds(state.forward));
      // Another group of the user's in the rule makes it several all the same, and AWS insists on a time.
      const least = hold.without !== undefined && countGroups(wanted) > 1 ? 1 : 0;
      await this.#put(state, withHold(wanted, Math.max(seconds, least)), groups);
    }
  }

  /** Sends what differs, and checks that AWS took it. What is right already may be nobody's to change. */
  async #put(state: RuleState, wanted: Action, groups: TargetGroups): Promise<void> {
    this.#last = undefined;
    if (does(state.forward, wanted, groups)) return;
    const now = await writeForward(this.#aws, state, wanted);
    if (now !== undefined && does(now, wanted, groups)) return;
    throw new DeployError(
      `The load balancer did not take the weights ${formatWeights(percentages(wanted, groups))}.`,
      {
        code: 'shift-refused',
        hint: `Look at ${state.rule.arn}: something else changes it too.`,
      },
    );
  }

  /** All actions of ELBv2 share one small bucket of the account: what was just seen is not asked for again. */
  async #recent(): Promise<readonly RuleState[]> {
    if (this.#last !== undefined && Date.now() - this.#last.at <= RECENT_MS) return this.#last.rules;
    return this.#read();
  }

  async #read(): Promise<readonly RuleState[]> {
    const at = Date.now();
    const rules = await readRules(this.#aws, this.rules);
    this.#last = { rules, at };
    return rules;
  }
}

function weightsOf({ rule, forward }: RuleState, groups: TargetGroups): Weights {
  const foreign = foreignGroups(forward, groups);
  if (foreign.length === 0) return percentages(forward, groups);
  throw new DeployError(
    `${rule.arn} forwards to ${foreign.join(', ')}, which is the target group of neither color.`,
    {
      code: 'foreign-target-group',
      hint: `Blue is ${groups.blue}, green is ${groups.green}: correct ecs.listeners, ecs.services or ecs.target-groups.`,
    },
  );
}
