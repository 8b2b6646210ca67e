/** What the tests of the load balancer share: small targets, and short ways to say things. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Action, Listener } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Clock, type TargetAddress } from '../contract.ts';
import { createElb, type Elb, type ElbOptions } from './index.ts';

/** AWS's 5 s between two health checks take 50 ms in these tests. */
export const scale = 0.01;

/** A load balancer named `prod` with the target groups blue and green, and one listener at 100/0. */
export interface Stage {
  readonly elb: Elb;
  readonly loadBalancerArn: string;
  readonly blue: string;
  readonly green: string;
  readonly listener: Listener;
  readonly listenerArn: string;
  readonly url: string;
  /** Moves the production traffic. */
  shift(blueWeight: number, greenWeight: number): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export function newElb(options: Partial<ElbOptions> = {}): Elb {
  return createElb({ clock: new Clock(scale), region: 'us-east-1', account: '123456789012', ...options });
}

export function newGroup(elb: Elb, name: string): string {
  const settings = {
    Port: 8080,
    TargetType: 'ip',
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
  } as const;
  return elb.createTargetGroup({ Name: name, ...settings }).TargetGroupArn!;
}

export async function newStage(options: Partial<ElbOptions> = {}): Promise<Stage> {
  const elb = newElb(options);
  const loadBalancerArn = elb.createLoadBalancer({ Name: 'prod' }).LoadBalancerArn!;
  const [blue, green] = [newGroup(elb, 'blue'), newGroup(elb, 'green')];
  for (const group of [blue, green]) setAttribute(elb, group, 'deregistration_delay.timeout_seconds', '20');
  const weights = (one: number, other: number) => forward([blue, one], [green, other]);
  const DefaultActions = weights(100, 0);
  const listener = await elb.createListener({
    LoadBalancerArn: loadBalancerArn,
    Protocol: 'HTTP',
    DefaultActions,
  });
  const listenerArn = listener.ListenerArn!;
  return {
    elb,
    loadBalancerArn,
    blue,
    green,
    listener,
    listenerArn,
    url: elb.endpoint(listenerArn).url,
    shift: (one, other) => {
      call(elb, 'ModifyListener', { ListenerArn: listenerArn, DefaultActions: weights(one, other) });
    },
    [Symbol.asyncDispose]: () => elb.close(),
  };
}

/** Calls an operation as the wire would, with the parsed input. */
export function call<Output = Record<string, never>>(elb: Elb, name: string, input: unknown): Output {
  return elb.operations[name]!(input) as Output;
}

export function setAttribute(elb: Elb, group: string, Key: string, Value: string): void {
  call(elb, 'ModifyTargetGroupAttributes', { TargetGroupArn: group, Attributes: [{ Key, Value }] });
}

/** A forward action with weights, as the only action of its list. */
export function forward(...weights: readonly (readonly [group: string, weight: number])[]): Action[] {
  const groups = weights.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  return [{ Type: 'forward', ForwardConfig: { TargetGroups: groups } }];
}

/** An app behind the load balancer. It answers as the sandbox's app does; `answer` replaces that. */
export interface TestTarget extends TargetAddress {
  readonly server: Server;
  answer: RequestListener;
  /** What came in, health checks included. */
  readonly paths: string[];
  /** Ends it at once, with everything that is in flight. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startTarget(name: string, id = '127.1.0.1'): Promise<TestTarget> {
  const paths: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    paths.push(request.url!);
    target.answer(request, response);
  });
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  await once(server.listen(0, id), 'listening');
  const kill = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  const target: TestTarget = {
    id,
    port: (server.address() as { port: number }).port,
    server,
    paths,
    answer: usual(name),
    kill,
    [Symbol.asyncDispose]: kill,
  };
  return target;
}

function usual(name: string): RequestListener {
  return (request, response) => {
    response.setHeader('x-version', name);
    const { pathname, searchParams } = new URL(request.url!, 'http://target');
    if (pathname === '/echo') request.pipe(response);
    else if (pathname === '/slow') {
      const answering = setTimeout(() => response.end('{}'), Number(searchParams.get('ms')));
      response.on('close', () => clearTimeout(answering));
    } else response.end(JSON.stringify({ version: name, headers: request.headers }));
  };
}

/** Which version answers; the status, where no app has answered. */
export async function version(url: string, init?: RequestInit): Promise<string | number> {
  const response = await fetch(url, init);
  await response.text();
  return response.headers.get('x-version') ?? response.status;
}

/** Waits for something that can be observed; fails with `what` when it does not come. */
export async function until(condition: () => boolean, what: string, longestMs = 8000): Promise<void> {
  const end = performance.now() + longestMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Registers a target and waits until the load balancer finds it healthy. */
export async function register(elb: Elb, group: string, target: TargetAddress): Promise<void> {
  elb.registry.register(group, target);
  await until(() => elb.registry.health(group, target)?.State === 'healthy', `${target.id} is healthy`);
}
