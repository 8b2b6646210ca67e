import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { Action, Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Load, startLoad } from '../load/index.ts';
import type { World } from './world.ts';

/** The world's config with other members of `ecs`, or of the environment. */
export function configWith(
  world: World,
  ecs: Record<string, unknown>,
  environment: Record<string, unknown> = {},
): string {
  const config = JSON.parse(world.config);
  const { production } = config.environments;
  Object.assign(production, environment, { ecs: { ...production.ecs, ...ecs } });
  return JSON.stringify(config, null, 1);
}

/** A forward to both colors, as the world's own listener has it, with `more` in its ForwardConfig. */
export const toBoth = ({ app }: World, live: 'blue' | 'green', order: number, more: object = {}): Action => ({
  Type: 'forward',
  Order: order,
  ForwardConfig: {
    TargetGroups: (['blue', 'green'] as const).map((color) => ({
      TargetGroupArn: app.targetGroups[color],
      Weight: color === live ? 100 : 0,
    })),
    ...more,
  },
});

export async function addListener(world: World, actions: Action[], secure = true): Promise<string> {
  const listener = await world.sandbox.elb.createListener({
    LoadBalancerArn: world.app.loadBalancer,
    Protocol: secure ? 'HTTPS' : 'HTTP',
    Port: undefined,
    ...(secure
      ? { Certificates: [{ CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1' }] }
      : {}),
    DefaultActions: actions,
  });
  return listener.ListenerArn!;
}

export async function addRule(
  world: World,
  input: {
    listener: string;
    priority: number;
    host?: string;
    path?: string;
    actions: Action[];
    more?: object;
  },
): Promise<string> {
  const answer = await world.sandbox.call<{ Rules: Rule[] }>('CreateRule', {
    ListenerArn: input.listener,
    Priority: input.priority,
    Conditions: [
      ...(input.host === undefined
        ? []
        : [{ Field: 'host-header', HostHeaderConfig: { Values: [input.host] } }]),
      ...(input.path === undefined
        ? []
        : [{ Field: 'path-pattern', PathPatternConfig: { Values: [input.path] } }]),
    ],
    Actions: input.actions,
    ...input.more,
  });
  return answer.Rules[0]!.RuleArn!;
}

/** All that Describe shows of a listener or rule. */
export async function describe({ sandbox }: World, arn: string): Promise<Listener & Rule> {
  if (arn.includes(':listener/')) {
    const answer = await sandbox.call<{ Listeners: Listener[] }>('DescribeListeners', {
      ListenerArns: [arn],
    });
    return answer.Listeners[0]! as Listener & Rule;
  }
  const answer = await sandbox.call<{ Rules: Rule[] }>('DescribeRules', { RuleArns: [arn] });
  return answer.Rules[0]! as Listener & Rule;
}

export const forwardOf = ({ DefaultActions, Actions }: Listener & Rule): Action =>
  (DefaultActions ?? Actions ?? []).find(({ Type }) => Type === 'forward')!;

/** The weights of the two colors there, blue's first. */
export async function weightsAt(world: World, arn: string): Promise<(number | undefined)[]> {
  const groups = forwardOf(await describe(world, arn)).ForwardConfig!.TargetGroups!;
  return (['blue', 'green'] as const).map(
    (color) => groups.find(({ TargetGroupArn }) => TargetGroupArn === world.app.targetGroups[color])?.Weight,
  );
}

/** What Describe shows but for weights, and for the two forms in which it shows who gets the traffic. */
export async function withoutWeights(world: World, arn: string): Promise<unknown> {
  const shown = structuredClone(await describe(world, arn));
  const forward = forwardOf(shown);
  delete forward.TargetGroupArn;
  const own: string[] = Object.values(world.app.targetGroups);
  forward.ForwardConfig!.TargetGroups = forward.ForwardConfig!.TargetGroups!.filter(
    ({ TargetGroupArn }) => !own.includes(TargetGroupArn!),
  );
  return shown;
}

/** Load that comes in by another listener, for a host of its own. */
export function loadAt({ sandbox }: World, listener: string, host: string): Promise<Load> {
  const { port, addresses } = sandbox.elb.endpoint(listener);
  return startLoad({ url: `http://${host}:${port}`, addresses, ratePerSecond: 40 });
}

/** Users with a cookie jar: each sends what it was given, as browsers do, and never asks without. */
export function stickyUsers({ sandbox, app }: World, count: number) {
  const { port, addresses } = sandbox.elb.endpoint(app.listener);
  const seen: string[][] = [];
  const failures: string[] = [];
  let ended = false;
  const user = async (index: number) => {
    const versions: string[] = [];
    seen.push(versions);
    let cookie = '';
    while (!ended) {
      const answer = await ask(addresses[index % addresses.length]!, port, cookie);
      if (answer.status !== 200) failures.push(`${answer.status} after ${versions.at(-1)}`);
      cookie = answer.cookie ?? cookie;
      if (answer.status === 200 && versions.at(-1) !== answer.version) versions.push(answer.version);
      await new Promise((done) => setTimeout(done, 40));
    }
  };
  const users = Array.from({ length: count }, (_, index) => user(index));
  return {
    /** The versions that each user saw, in order, without repetitions. */
    seen,
    async [Symbol.asyncDispose]() {
      ended = true;
      await Promise.all(users);
    },
    async stop() {
      ended = true;
      await Promise.all(users);
      assert.deepEqual(failures, []);
      return seen;
    },
  };
}

function ask(
  host: string,
  port: number,
  cookie: string,
): Promise<{ status: number; version: string; cookie?: string }> {
  return new Promise((resolve) => {
    const headers = cookie === '' ? {} : { cookie };
    request({ host, port, path: '/', agent: false, headers })
      .on('error', ({ message }) => resolve({ status: 0, version: message }))
      .on('response', (response) => {
        response.resume().on('end', () =>
          resolve({
            status: response.statusCode!,
            version: String(response.headers['x-version']),
            cookie: response.headers['set-cookie']
              ?.find((text) => text.startsWith('AWSALBTG='))
              ?.split(';')[0],
          }),
        );
      })
      .end();
  });
}
