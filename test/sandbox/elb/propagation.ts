/**
 * How a change reaches the nodes of the load balancer. The API answers at once; each node goes on with its own copy
 * of the old configuration for a while. AWS batches changes for about 10 s before it hands them to the data plane,
 * and its read-back proves the control plane only. Whoever trusts it takes the old color away too early.
 */
import { EventEmitter } from 'node:events';
import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../contract.ts';
import { byPriority, type ListenerRecord, type Protocol, targetGroupsOf } from './store.ts';
import type { Timers } from './timers.ts';

/** One listener as a node knows it. */
export interface Configuration {
  readonly listenerArn: string;
  readonly version: number;
  readonly protocol: Protocol;
  readonly port: number;
  /** In the order of their priority; the default rule, which has no conditions, is the last. */
  readonly rules: readonly {
    readonly conditions: readonly RuleCondition[];
    readonly actions: readonly Action[];
  }[];
}

/** A node began to work with a new configuration. */
export interface Applied {
  readonly node: string;
  readonly listenerArn: string;
  readonly version: number;
  /** Whether all nodes now work with the newest configuration of all listeners. */
  readonly settled: boolean;
  readonly at: Date;
}

/** From the quickest to the slowest node, in AWS seconds. */
export type Lag = readonly [least: number, most: number];

interface Node {
  readonly address: string;
  readonly active: Map<string, Configuration>;
  /** What has arrived while the node was held. */
  readonly arrived: Map<string, Configuration>;
  held: boolean;
}

export class Propagation {
  readonly events = new EventEmitter<{ applied: [Applied] }>();
  lag: Lag;
  readonly #nodes: readonly Node[];
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #newest = new Map<string, number>();
  #version = 0;

  constructor(addresses: readonly string[], lag: Lag, clock: Clock, timers: Timers) {
    this.#nodes = addresses.map((address) => ({
      address,
      active: new Map(),
      arrived: new Map(),
      held: false,
    }));
    this.lag = lag;
    this.#clock = clock;
    this.#timers = timers;
  }

  /** A new listener: there is nothing older to go on with, so all nodes have it at once. */
  introduce(listener: ListenerRecord): void {
    const configuration = this.#snapshot(listener);
    for (const node of this.#nodes) node.active.set(listener.arn, configuration);
  }

  /** Sends the listener as it is now to all nodes, each with a delay of its own. */
  push(listener: ListenerRecord): void {
    const configuration = this.#snapshot(listener);
    const [least, most] = this.lag;
    for (const node of this.#nodes) {
      const seconds = least + Math.random() * (most - least);
      this.#timers.after(this.#clock.ms(seconds), () => this.#arrive(node, configuration));
    }
  }

  forget(listenerArn: string): void {
    this.#newest.delete(listenerArn);
    for (const node of this.#nodes) node.active.delete(listenerArn);
  }

  configuration(address: string, listenerArn: string): Configuration | undefined {
    return this.#nodes.find((node) => node.address === address)?.active.get(listenerArn);
  }

  /** The target groups that some node still forwards to, whatever the control plane says. */
  targetGroups(): string[] {
    return this.#nodes.flatMap((node) =>
      [...node.active.values()].flatMap((configuration) =>
        configuration.rules.flatMap((rule) => targetGroupsOf(rule.actions)),
      ),
    );
  }

  /** Keeps nodes from applying anything until they are released; without an address, all of them. */
  hold(address?: string): void {
    for (const node of this.#chosen(address)) node.held = true;
  }

  release(address?: string): void {
    for (const node of this.#chosen(address)) {
      node.held = false;
      const arrived = [...node.arrived.values()];
      node.arrived.clear();
      for (const configuration of arrived) this.#arrive(node, configuration);
    }
  }

  isSettled(): boolean {
    return this.#nodes.every((node) =>
      [...this.#newest].every(([listenerArn, version]) => node.active.get(listenerArn)?.version === version),
    );
  }

  /** Resolves when all nodes work with the newest configuration. */
  async settled(): Promise<void> {
    while (!this.isSettled()) await new Promise((resolve) => this.events.once('applied', resolve));
  }

  #arrive(node: Node, configuration: Configuration): void {
    const { listenerArn, version } = configuration;
    // Delays are drawn for each change, so an older one can arrive later: it must not undo the newer.
    const known = Math.max(
      node.active.get(listenerArn)?.version ?? 0,
      node.arrived.get(listenerArn)?.version ?? 0,
    );
    if (version <= known || !this.#newest.has(listenerArn)) return;
    if (node.held) {
      node.arrived.set(listenerArn, configuration);
      return;
    }
    node.active.set(listenerArn, configuration);
    this.events.emit('applied', {
      node: node.address,
      listenerArn,
      version,
      settled: this.isSettled(),
      at: this.#clock.now(),
    });
  }

  #snapshot(listener: ListenerRecord): Configuration {
    const version = ++this.#version;
    this.#newest.set(listener.arn, version);
    return {
      listenerArn: listener.arn,
      version,
      protocol: listener.protocol,
      port: listener.port,
      rules: [
        ...byPriority(listener).map(({ conditions, actions }) => ({ conditions, actions })),
        { conditions: [], actions: listener.defaultActions },
      ],
    };
  }

  #chosen(address: string | undefined): Node[] {
    return this.#nodes.filter((node) => address === undefined || node.address === address);
  }
}
