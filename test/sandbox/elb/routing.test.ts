import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { matches, normalConditions, type RequestFacts } from './conditions.ts';
import type { Configuration } from './propagation.ts';
import { route } from './routing.ts';

const request = (parts: Partial<RequestFacts> & { search?: string } = {}): RequestFacts => ({
  method: 'GET',
  host: 'shop.example.com',
  path: '/cart/items',
  query: new URLSearchParams(parts.search),
  headers: {},
  sourceAddress: '127.0.0.1',
  ...parts,
});

const holds = (condition: RuleCondition, facts: RequestFacts) =>
  matches(normalConditions([condition])[0]!, facts);

test('hosts: wildcards, no matter which case', () => {
  const host = (value: string) => holds({ Field: 'host-header', Values: [value] }, request());
  assert.equal(host('SHOP.example.com'), true);
  assert.equal(host('*.example.com'), true);
  assert.equal(host('sho?.example.com'), true);
  assert.equal(host('example.com'), false);
  assert.equal(host('shop.example?com'), true);
  assert.equal(
    holds({ Field: 'host-header', Values: ['shopXexample.com'] }, request()),
    false,
    'a dot is a dot',
  );
});

test('paths: wildcards, and case matters', () => {
  const path = (...Values: string[]) =>
    holds({ Field: 'path-pattern', PathPatternConfig: { Values } }, request());
  assert.equal(path('/cart/*'), true);
  assert.equal(path('/Cart/*'), false);
  assert.equal(path('/nothing', '*items'), true, 'one value is enough');
  assert.equal(path('/cart'), false);
  const regular = { Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/cart/[a-z]+$'] } };
  assert.equal(holds(regular, request()), true);
});

test('headers, methods, queries, source addresses', () => {
  const header = {
    Field: 'http-header',
    HttpHeaderConfig: { HttpHeaderName: 'X-Blue-Green-Preview', Values: ['nonce-1'] },
  };
  assert.equal(holds(header, request({ headers: { 'x-blue-green-preview': ['nonce-1'] } })), true);
  assert.equal(
    holds(header, request({ headers: { 'x-blue-green-preview': ['a', 'nonce-1'] } })),
    true,
    'sent twice',
  );
  assert.equal(holds(header, request({ headers: { 'x-blue-green-preview': ['nonce-12'] } })), false);
  assert.equal(holds(header, request()), false);
  const method = { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['POST', 'PUT'] } };
  assert.equal(holds(method, request({ method: 'PUT' })), true);
  assert.equal(holds(method, request()), false);
  const query = (pair: object) => ({ Field: 'query-string', QueryStringConfig: { Values: [pair] } });
  assert.equal(holds(query({ Key: 'version', Value: 'v*' }), request({ search: 'a=b&version=v2' })), true);
  assert.equal(holds(query({ Key: 'version', Value: 'v2' }), request({ search: 'v2=version' })), false);
  assert.equal(holds(query({ Value: 'v2' }), request({ search: 'any=v2' })), true);
  const source = (range: string) => ({ Field: 'source-ip', SourceIpConfig: { Values: [range] } });
  assert.equal(holds(source('127.0.0.0/8'), request()), true);
  assert.equal(holds(source('10.0.0.0/8'), request()), false);
});

function configuration(actions: Action[], conditions: RuleCondition[] = []): Configuration {
  const rules = [
    { conditions: normalConditions([{ Field: 'path-pattern', Values: ['/never'] }]), actions: [] },
  ];
  return {
    listenerArn: 'listener',
    version: 1,
    protocol: 'HTTP',
    port: 80,
    rules: [...rules, { conditions, actions }],
  };
}

const weighted = (weights: Record<string, number>, sticky = false): Action[] => [
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
      TargetGroupStickinessConfig: { Enabled: sticky, DurationSeconds: 60 },
    },
  },
];

/** How often each group is chosen when chance falls evenly. */
function shares(weights: Record<string, number>): Record<string, number> {
  const count: Record<string, number> = {};
  for (let index = 0; index < 1000; index += 1) {
    const chance = { random: () => index / 1000, stuckTo: undefined };
    const decision = route(configuration(weighted(weights)), request(), chance);
    const name = decision.kind === 'forward' ? decision.targetGroupArn : decision.kind;
    count[name] = (count[name] ?? 0) + 1;
  }
  return count;
}

test('requests are shared by weight; weight 0 gets none', () => {
  assert.deepEqual(shares({ blue: 100, green: 0 }), { blue: 1000 });
  assert.deepEqual(shares({ blue: 0, green: 1 }), { green: 1000 });
  assert.deepEqual(shares({ blue: 90, green: 10 }), { blue: 900, green: 100 });
  assert.deepEqual(shares({ blue: 1, white: 2, green: 1 }), { blue: 250, white: 500, green: 250 });
  assert.deepEqual(shares({ blue: 0, green: 0 }), { nowhere: 1000 });
});

test('a client stays with the group of its cookie while the rule knows the group', () => {
  const chance = (stuckTo?: string) => ({ random: () => 0, stuckTo });
  const decide = (weights: Record<string, number>, sticky: boolean, stuckTo?: string) =>
    route(configuration(weighted(weights, sticky)), request(), chance(stuckTo));
  const moved = { blue: 0, green: 100 };
  assert.deepEqual(decide(moved, true, 'blue'), {
    kind: 'forward',
    targetGroupArn: 'blue',
    stickForSeconds: 60,
  });
  assert.deepEqual(decide(moved, true, 'white'), {
    kind: 'forward',
    targetGroupArn: 'green',
    stickForSeconds: 60,
  });
  assert.deepEqual(decide(moved, false, 'blue'), {
    kind: 'forward',
    targetGroupArn: 'green',
    stickForSeconds: undefined,
  });
});

test('a redirect fills in what the request had', () => {
  const RedirectConfig = {
    Protocol: 'HTTPS',
    Port: '443',
    Host: '#{host}',
    Path: '/new/#{path}',
    Query: '#{query}',
    StatusCode: 'HTTP_301',
  } as const;
  const decision = route(configuration([{ Type: 'redirect', RedirectConfig }]), request({ search: 'a=b' }), {
    random: Math.random,
    stuckTo: undefined,
  });
  const headers = { location: 'https://shop.example.com:443/new/cart/items?a=b' };
  assert.deepEqual(decision, { kind: 'answer', status: 301, headers, body: '' });
});

test('logins are passed over', () => {
  const actions: Action[] = [{ Type: 'authenticate-oidc', Order: 1 }, ...weighted({ blue: 1 })];
  const decision = route(configuration(actions), request(), { random: () => 0, stuckTo: undefined });
  assert.equal(decision.kind === 'forward' && decision.targetGroupArn, 'blue');
});
