/** Conditions of rules: what AWS refuses, its form for them, and whether a request meets one. */
import { BlockList, isIPv4 } from 'node:net';
import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { validationError } from './errors.ts';

/** What a rule can look at. */
export interface RequestFacts {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in small letters; a header that came twice has both values. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly sourceAddress: string;
}

const mostValues = 5;

/** Checks the conditions, and fills in both forms that AWS shows for hosts and paths (Values and ...Config). */
export function normalConditions(conditions: readonly RuleCondition[] | undefined): RuleCondition[] {
  if (!conditions?.length) throw validationError('At least one condition must be specified');
  const normal = structuredClone([...conditions]).map(normalCondition);
  const count = normal.reduce((sum, condition) => sum + values(condition).length, 0);
  if (count > mostValues)
    throw validationError(`A rule can have at most ${mostValues} condition values, but there are ${count}`);
  return normal;
}

/** All conditions of a rule must hold; of the values of one condition, any. */
export function matches(condition: RuleCondition, request: RequestFacts): boolean {
  switch (condition.Field) {
    case 'host-header':
      return texts(condition.HostHeaderConfig, [request.host], 'i');
    case 'path-pattern':
      return texts(condition.PathPatternConfig, [request.path], '');
    case 'http-header': {
      const name = condition.HttpHeaderConfig!.HttpHeaderName!.toLowerCase();
      return texts(condition.HttpHeaderConfig, request.headers[name] ?? [], 'i');
    }
    case 'http-request-method':
      return condition.HttpRequestMethodConfig!.Values!.includes(request.method);
    case 'query-string':
      return condition.QueryStringConfig!.Values!.some((wanted) =>
        [...request.query].some(
          ([key, value]) =>
            (!wanted.Key || wildcard(wanted.Key, 'i').test(key)) && wildcard(wanted.Value!, 'i').test(value),
        ),
      );
    default:
      return inRanges(condition.SourceIpConfig?.Values ?? [], request.sourceAddress);
  }
}

function normalCondition(condition: RuleCondition): RuleCondition {
  const { Field } = condition;
  if (Field === 'host-header') condition.HostHeaderConfig ??= { Values: condition.Values };
  else if (Field === 'path-pattern') condition.PathPatternConfig ??= { Values: condition.Values };
  else if (Field === 'http-header') {
    if (!/^[\w!#$%&'*+.^`|~-]{1,40}$/.test(condition.HttpHeaderConfig?.HttpHeaderName ?? '')) {
      throw validationError('An http-header condition must have a header name of 1 to 40 characters');
    }
  } else if (!['http-request-method', 'query-string', 'source-ip'].includes(Field ?? '')) {
    throw validationError(
      `Condition field '${Field}' must be one of '[path-pattern, host-header, http-header, http-request-method, query-string, source-ip]'`,
    );
  }
  if (values(condition).length === 0)
    throw validationError(`A condition value must be specified for '${Field}'`);
  const shown = condition.HostHeaderConfig?.Values ?? condition.PathPatternConfig?.Values;
  if (shown) condition.Values = shown;
  return condition;
}

function values(condition: RuleCondition): readonly unknown[] {
  const config =
    condition.HostHeaderConfig ??
    condition.PathPatternConfig ??
    condition.HttpHeaderConfig ??
    condition.HttpRequestMethodConfig ??
    condition.QueryStringConfig ??
    condition.SourceIpConfig;
  const { Values = [], RegexValues = [] }: { Values?: readonly unknown[]; RegexValues?: readonly unknown[] } =
    config ?? {};
  return [...Values, ...RegexValues];
}

/** Hosts and header values are compared without case, paths with. */
function texts(
  config: { Values?: string[]; RegexValues?: string[] } | undefined,
  found: readonly string[],
  flags: 'i' | '',
) {
  const patterns = [
    ...(config?.Values ?? []).map((value) => wildcard(value, flags)),
    ...(config?.RegexValues ?? []).map((value) => new RegExp(value, flags)),
  ];
  return found.some((text) => patterns.some((pattern) => pattern.test(text)));
}

/** `*` is any number of characters, `?` exactly one. */
function wildcard(pattern: string, flags: 'i' | ''): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, `${flags}s`);
}

function inRanges(ranges: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, length] = range.split('/');
    list.addSubnet(network!, Number(length), isIPv4(network!) ? 'ipv4' : 'ipv6');
  }
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
