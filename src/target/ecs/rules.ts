import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeployError } from '../../errors.ts';
import type { TrafficRule } from './arn.ts';
import { type Aws, errorName, modify, read } from './aws.ts';
import { countGroups, isForward, withForward } from './forward.ts';
import { amendBody, captureText } from './raw-json.ts';
import { child, parseXml, pathsOf, withMissing, type XmlNode } from './raw-xml.ts';

/** What one listener or rule does with the traffic, as AWS holds it. */
export interface RuleState {
  readonly rule: TrafficRule;
  readonly actions: readonly Action[];
  readonly forward: Action;
  /** The actions as AWS wrote them, with what the SDK does not know. */
  readonly written: ReadonlyMap<string, string>;
}

/** Reads listeners and rules, all of them in at most two calls. @throws DeployError `listener-not-found` */
export async function readRules(aws: Aws, rules: readonly TrafficRule[]): Promise<RuleState[]> {
  const arnsOf = (kind: TrafficRule['kind']) =>
    rules.filter((rule) => rule.kind === kind).map(({ arn }) => arn);
  const [listenerArns, ruleArns] = [arnsOf('listener'), arnsOf('rule')];
  const actions = new Map<string, readonly Action[]>();
  const written = new Map<string, XmlNode | undefined>();
  if (listenerArns.length > 0) {
    const command = new DescribeListenersCommand({ ListenerArns: listenerArns });
    const text = captureText(command);
    const { Listeners = [] } = await found(listenerArns, 'elasticloadbalancing:DescribeListeners', () =>
      aws.elb.send(command),
    );
    for (const { ListenerArn = '', DefaultActions = [] } of Listeners)
      actions.set(ListenerArn, DefaultActions);
    for (const node of members(text(), 'DescribeListeners', 'Listeners'))
      written.set(child(node, 'ListenerArn')?.text ?? '', child(node, 'DefaultActions'));
  }
  if (ruleArns.length > 0) {
    const command = new DescribeRulesCommand({ RuleArns: ruleArns });
    const text = captureText(command);
    const { Rules = [] } = await found(ruleArns, 'elasticloadbalancing:DescribeRules', () =>
      aws.elb.send(command),
    );
    for (const { RuleArn = '', Actions = [] } of Rules) actions.set(RuleArn, Actions);
    for (const node of members(text(), 'DescribeRules', 'Rules'))
      written.set(child(node, 'RuleArn')?.text ?? '', child(node, 'Actions'));
  }
  return rules.map((rule) => {
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
    const node = written.get(rule.arn);
    return { rule, actions: own, forward, written: node === undefined ? new Map() : pathsOf(node) };
  });
}

/**
 * Puts another forward into a listener or rule, and keeps everything else: also members that only AWS knows.
 * @returns the forward as AWS answers it
 */
export async function writeForward(aws: Aws, state: RuleState, forward: Action): Promise<Action | undefined> {
  const { kind, arn } = state.rule;
  const actions = withForward(state.actions, state.forward, forward);
  const place = `member.${state.actions.indexOf(state.forward) + 1}`;
  // Left out on purpose: the short form of a single target, which Modify refuses beside several; and the groups where
  // one of them goes.
  const fewer = countGroups(forward) < countGroups(state.forward);
  const known = new Map(
    [...state.written].filter(
      ([path]) =>
        path !== `${place}.TargetGroupArn` &&
        !(fewer && path.startsWith(`${place}.ForwardConfig.TargetGroups.`)),
    ),
  );
  if (kind === 'rule') {
    const command = new ModifyRuleCommand({ RuleArn: arn, Actions: actions });
    amendBody(command, (body) => withMissing(body, 'Actions', known));
    const answer = await modify('elasticloadbalancing:ModifyRule', () => aws.elb.send(command));
    return answer.Rules?.[0]?.Actions?.find(isForward);
  }
  const command = new ModifyListenerCommand({ ListenerArn: arn, DefaultActions: actions });
  amendBody(command, (body) => withMissing(body, 'DefaultActions', known));
  const answer = await modify('elasticloadbalancing:ModifyListener', () => aws.elb.send(command));
  return answer.Listeners?.[0]?.DefaultActions?.find(isForward);
}

const members = (xml: string, operation: string, list: string): readonly XmlNode[] =>
  child(child(child(parseXml(xml), `${operation}Response`), `${operation}Result`), list)?.children ?? [];

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
