/**
 * A stand-in of Elastic Load Balancing for application and network load balancers: the API with AWS's rules and error codes, and
 * behind it real proxies on real sockets, which learn of a change when AWS's would: later.
 */
import type { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import type {
  CreateListenerCommandInput,
  CreateLoadBalancerCommandInput,
  CreateRuleCommandInput,
  CreateTargetGroupCommandInput,
  Listener,
  LoadBalancer,
  Rule,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock, Operations, TargetRegistry, TrafficControl } from '../contract.ts';
import { type Count, Counters, type Sample, type Stats } from './counters.ts';
import { createFlows } from './flows.ts';
import { createListener, type DataPlane, listenerOperations, removeListener } from './listeners.ts';
import { loadBalancerOperations } from './load-balancers.ts';
import { type Applied, type Lag, Propagation } from './propagation.ts';
import { createProxy } from './proxy.ts';
import { ruleOperations } from './rules.ts';
import { listenEverywhere } from './sockets.ts';
import { Store } from './store.ts';
import { tagOperations } from './tags.ts';
import { targetGroupOperations } from './target-groups.ts';
import { targetOperations } from './target-operations.ts';
import { TargetPool } from './target-pool.ts';
import { Timers } from './timers.ts';
import { trafficControl } from './traffic-control.ts';

export type { Applied, Count, Lag, Sample, Stats };

export interface ElbOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  /** The load balancer's own addresses; a client may get any of them. */
  readonly nodes?: readonly { readonly address: string }[];
  /** How late nodes learn of a change, in AWS seconds. */
  readonly lagSeconds?: Lag;
  /** DNSName of a load balancer; the default has AWS's form, which does not resolve here. */
  readonly dnsName?: (name: string) => string;
  /** The least real time that a health check waits for an answer, however time is scaled. */
  readonly leastHealthCheckTimeoutMs?: number;
  /** For tests that need to know where chance will fall. */
  readonly random?: () => number;
}

/** Where a listener really listens. */
export interface Endpoint {
  readonly port: number;
  readonly addresses: readonly string[];
  /** On the first address. */
  readonly url: string;
}

export interface Elb {
  readonly operations: Operations;
  readonly registry: TargetRegistry;
  /** For ECS's own blue/green. */
  readonly traffic: TrafficControl;
  /** `applied` is emitted each time a node begins to work with a new configuration. */
  readonly events: EventEmitter<{ applied: [Applied] }>;
  createLoadBalancer(input: CreateLoadBalancerCommandInput): LoadBalancer;
  createTargetGroup(input: CreateTargetGroupCommandInput): TargetGroup;
  /** Without a Port, the listener shows the one that it really listens on. */
  createListener(input: CreateListenerCommandInput): Promise<Listener>;
  createRule(input: CreateRuleCommandInput): Rule;
  endpoint(listenerArn: string): Endpoint;
  setLag(lag: Lag): void;
  /** Keeps a node (or all) at the configuration that it has, until it is released. */
  hold(address?: string): void;
  release(address?: string): void;
  /** Resolves when every node works with the newest configuration. */
  settled(): Promise<void>;
  isSettled(): boolean;
  /** Requests of a target group that have begun and not ended. */
  inFlight(targetGroupArn: string): number;
  /** The requests of a target group that have ended, by the end of its ARN; undefined where there is no such group. */
  samples(targetGroup: string): readonly Sample[] | undefined;
  stats(): Stats;
  close(): Promise<void>;
}

/** Starts the stand-in. Nothing listens until the first listener is created. */
export function createElb(options: ElbOptions): Elb {
  const {
    clock,
    region,
    account,
    lagSeconds = [2, 8],
    leastHealthCheckTimeoutMs = 1000,
    random = Math.random,
  } = options;
  const { dnsName = (name) => `${name}-1234567890.${region}.elb.amazonaws.com` } = options;
  const addresses = (options.nodes ?? [{ address: '127.0.0.1' }, { address: '127.0.0.2' }]).map(
    (node) => node.address,
  );
  const place = { region, account };
  const timers = new Timers();
  const store = new Store();
  const counters = new Counters();
  const propagation = new Propagation(addresses, lagSeconds, clock, timers);
  const pool = new TargetPool(store, { clock, timers, leastTimeoutMs: leastHealthCheckTimeoutMs });
  const open = new Map<string, { port: number; servers: Closable[] }>();

  /** A group is in use as long as the API or any node says so. */
  const reviewUse = () => pool.use(new Set([...store.attached(), ...propagation.targetGroups()]));
  propagation.events.prependListener('applied', reviewUse);

  const dataPlane: DataPlane = {
    async open(listener) {
      const create = listener.protocol === 'TCP' ? createFlows : createProxy;
      const made = await listenEverywhere(
        addresses,
        (node): Closable =>
          create({
            node,
            configuration: () => propagation.configuration(node, listener.arn)!,
            pool,
            counters,
            clock,
            random,
          }),
      );
      open.set(listener.arn, made);
      listener.port ||= made.port;
      propagation.introduce(listener);
      reviewUse();
    },
    push(listener) {
      propagation.push(listener);
      reviewUse();
    },
    shut(listenerArn) {
      for (const server of open.get(listenerArn)?.servers ?? []) shutServer(server);
      open.delete(listenerArn);
      propagation.forget(listenerArn);
      reviewUse();
    },
  };

  const operations: Operations = {
    ...loadBalancerOperations({
      store,
      place,
      clock,
      dnsName,
      removeListener: (arn) => removeListener(store, dataPlane, store.listener(arn)),
    }),
    ...targetGroupOperations(store, place, (arn) => pool.forget(arn)),
    ...targetOperations(store, pool),
    ...listenerOperations(store, dataPlane),
    ...ruleOperations(store, dataPlane),
    ...tagOperations(store),
  };

  return {
    operations,
    registry: pool,
    traffic: trafficControl(store, operations),
    events: propagation.events,
    createLoadBalancer: (input) => first(operations.CreateLoadBalancer!(input), 'LoadBalancers'),
    createTargetGroup: (input) => first(operations.CreateTargetGroup!(input), 'TargetGroups'),
    createListener: (input) => createListener(store, dataPlane, input),
    createRule: (input) => first(operations.CreateRule!(input), 'Rules'),
    endpoint(listenerArn) {
      const { port } = open.get(store.listener(listenerArn).arn)!;
      return { port, addresses, url: `http://${addresses[0]}:${port}` };
    },
    setLag: (lag) => {
      propagation.lag = lag;
    },
    hold: (address) => propagation.hold(address),
    release: (address) => propagation.release(address),
    settled: () => propagation.settled(),
    isSettled: () => propagation.isSettled(),
    inFlight: (targetGroupArn) => counters.targetGroup(targetGroupArn).inFlight,
    samples(targetGroup) {
      const arn = [...store.targetGroups.keys()].find((one) => one.endsWith(`:${targetGroup}`));
      return arn === undefined ? undefined : (counters.samples(arn) ?? []);
    },
    stats: () => counters.stats(),
    async close() {
      timers.clear();
      await Promise.all([...open.values()].flatMap(({ servers }) => servers.map(shutServer)));
      pool.close();
    },
  };
}

/** The one resource that a Create answers with. */
function first<Resource>(answer: unknown, list: string): Resource {
  return (answer as Record<string, Resource[]>)[list]![0]!;
}

/** Of HTTP, or of connections. */
type Closable = Server & { closeAllConnections(): void };

function shutServer(server: Closable): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
