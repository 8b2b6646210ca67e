import { DescribeRulesCommand, type RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TrafficRule } from './arn.ts';
import { type Aws, read } from './aws.ts';
import { ownAddress } from './base-url.ts';

/**
 * How requests meet the service's test listener rule: its listener's address, the host that it asks for, and the header
 * that it asks for. Paths are the smoke tests' own; conditions on addresses, methods and query strings can't be met.
 */
export async function testWay(
  aws: Aws,
  test: TrafficRule,
  url: string | undefined,
): Promise<{ url: string; headers: Record<string, string> }> {
  const { Rules } = await read('elasticloadbalancing:DescribeRules', () =>
    aws.elb.send(new DescribeRulesCommand({ RuleArns: [test.arn] })),
  );
  const conditions = Rules?.[0]?.Conditions ?? [];
  const host = plain(conditions.find(({ Field }) => Field === 'host-header'));
  const known = url === undefined ? undefined : new URL(url).hostname;
  return {
    url: await ownAddress(aws, test.listenerArn, host ?? known),
    headers: Object.fromEntries(
      conditions
        .filter(({ Field }) => Field === 'http-header')
        .map((condition) => [condition.HttpHeaderConfig?.HttpHeaderName ?? '', anyOf(condition)]),
    ),
  };
}

const valuesOf = ({ HostHeaderConfig, HttpHeaderConfig, Values }: RuleCondition): readonly string[] =>
  HttpHeaderConfig?.Values ?? HostHeaderConfig?.Values ?? Values ?? [];

/** A name without wildcards. */
const plain = (condition: RuleCondition | undefined): string | undefined =>
  condition === undefined ? undefined : valuesOf(condition).find((value) => !/[*?]/.test(value));

/** A value that meets the condition: `*` stands for any characters, `?` for one. */
const anyOf = (condition: RuleCondition): string =>
  plain(condition) ?? (valuesOf(condition)[0] ?? '').replaceAll('*', '').replaceAll('?', 'x');
