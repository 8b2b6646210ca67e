import {
  type Action,
  DescribeListenersCommand,
  type Listener,
  paginateDescribeRules,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { isNetworkListener } from '../../config/network.ts';
import { COLORS } from '../../release/color.ts';
import type { Problem } from '../target.ts';
import { loadBalancerArn, type TrafficRule } from './arn.ts';
import { type Aws, read } from './aws.ts';
import { namesGroup, type TargetGroups } from './forward.ts';

/** Longer than this, sticky sessions make a deployment so long that the user must have said so. */
const LONG_SECONDS = 15 * 60;

/** What of the listeners would spoil a deployment. The preview rule stands on the first of them. */
export async function listenerProblems({
  aws,
  rules,
  groups,
  held,
  priority,
  url,
}: {
  aws: Aws;
  rules: readonly TrafficRule[];
  groups: TargetGroups;
  /** How long each rule holds clients to a target group, in seconds. */
  held: ReadonlyMap<TrafficRule, number>;
  /** Of the preview rule. */
  priority: number;
  /** What users open, and the preview goes through. */
  url: string | undefined;
}): Promise<readonly Problem[]> {
  const first = rules[0]!.listenerArn;
  // No rule that could be in the way, and no preview that `url` would have to lead to.
  if (isNetworkListener(first)) return [];
  const listeners = await listenersOf(aws, loadBalancerArn(first));
  return [
    ...stickyProblems(held),
    ...addressProblems(listeners, first, rules, url),
    ...(await rulesOf(aws, first)).flatMap((rule) => shadowProblems(rule, { groups, priority, url })),
  ];
}

function stickyProblems(held: ReadonlyMap<TrafficRule, number>): Problem[] {
  return [...held]
    .filter(([, seconds]) => seconds > LONG_SECONDS)
    .map(([{ arn }, seconds]) => ({
      message: `${arn} holds clients to their target group for ${seconds} s: after the switch, the old color and the run have to wait that long.`,
      fix: `Set DurationSeconds in the TargetGroupStickinessConfig of its forward action to ${LONG_SECONDS} or less; while all traffic is on one color it has no use.`,
      forceable: true,
    }));
}

/** The preview goes through `url`: it must lead to the listener that the preview rule stands on. */
function addressProblems(
  listeners: readonly Listener[],
  first: string,
  rules: readonly TrafficRule[],
  url: string | undefined,
): Problem[] {
  if (url === undefined) return [];
  const { protocol, port } = new URL(url);
  const wanted = {
    protocol: protocol === 'https:' ? 'HTTPS' : 'HTTP',
    port: Number(port) || defaultPort(protocol),
  };
  const own = listeners.find(({ ListenerArn }) => ListenerArn === first);
  const match = listeners.find(({ Protocol, Port }) => Protocol === wanted.protocol && Port === wanted.port);
  // No listener is like `url`: something stands in front of the load balancer, and may well lead to the first one.
  if (own === undefined || match === undefined || match === own) return [];
  const listed = rules.find(({ listenerArn }) => listenerArn === match.ListenerArn);
  return [
    {
      message: `url (${url}) leads to the listener on ${wanted.protocol}:${wanted.port}, but the preview rule stands on the first of ecs.listeners, ${own.Protocol}:${own.Port}.`,
      fix:
        listed === undefined
          ? `Put the listener that carries the traffic of url first in ecs.listeners (it is ${match.ListenerArn}), or correct url.`
          : `Put ${listed.arn} first in ecs.listeners.`,
      forceable: true,
    },
  ];
}

/** A rule before the preview rule which takes the preview's requests: smoke tests would test what users have. */
function shadowProblems(
  { RuleArn, Priority, IsDefault, Conditions = [], Actions = [] }: Rule,
  { groups, priority, url }: { groups: TargetGroups; priority: number; url: string | undefined },
): Problem[] {
  if (IsDefault || Number(Priority) >= priority) return [];
  if (Conditions.some((condition) => !mayTake(condition, url))) return [];
  const carries = Actions.some((action: Action) => COLORS.some((color) => namesGroup(action, groups[color])));
  const isPartial = Conditions.some(({ Field }) => Field !== 'host-header');
  // Paths that lead elsewhere (`/static/*`) are the user's own affair: no smoke test asks there.
  if (isPartial && !carries) return [];
  return [
    {
      message: `Rule ${RuleArn} comes before the preview rule (priority ${Priority}, ecs.preview-priority is ${priority}) and takes ${isPartial ? 'some of its' : 'its'} requests: smoke tests would not reach the new release.`,
      fix:
        Number(Priority) > 1
          ? `Set ecs.preview-priority to a free priority below ${Priority}.`
          : 'Give that rule a larger priority (SetRulePriorities), and set ecs.preview-priority to 1.',
      forceable: isPartial,
    },
  ];
}

/** Whether a request through `url` with the preview header can meet the condition. */
function mayTake({ Field, HostHeaderConfig, Values = [] }: RuleCondition, url: string | undefined): boolean {
  // Headers and query strings are conditions for special requests, which a preview is not.
  if (Field === 'http-header' || Field === 'query-string') return false;
  if (Field !== 'host-header' || url === undefined) return true;
  const host = new URL(url).hostname;
  const hosts = HostHeaderConfig?.Values ?? Values;
  // Regular expressions (RegexValues) are not judged: they may match.
  return hosts.length === 0 || hosts.some((pattern) => wildcard(pattern).test(host));
}

const wildcard = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );

const defaultPort = (protocol: string) => (protocol === 'https:' ? 443 : 80);

async function listenersOf(aws: Aws, arn: string): Promise<readonly Listener[]> {
  const answer = await read('elasticloadbalancing:DescribeListeners', () =>
    aws.elb.send(new DescribeListenersCommand({ LoadBalancerArn: arn })),
  );
  return answer.Listeners ?? [];
}

async function rulesOf(aws: Aws, listenerArn: string): Promise<readonly Rule[]> {
  return read('elasticloadbalancing:DescribeRules', async () => {
    const rules: Rule[] = [];
    for await (const page of paginateDescribeRules({ client: aws.elb }, { ListenerArn: listenerArn }))
      rules.push(...(page.Rules ?? []));
    return rules;
  });
}
