/** The registered targets of all groups: their health, who gets the next request, and how they leave. */
import { Agent } from 'node:http';
import type { TargetAddress, TargetHealth, TargetRegistry } from '../contract.ts';
import { type HealthCheckRoom, initialHealth, startHealthChecks } from './health-check.ts';
import type { Store } from './store.ts';

const unused: TargetHealth = {
  State: 'unused',
  Reason: 'Target.NotInUse',
  Description: 'Target group is not configured to receive traffic from the load balancer',
};

const outside: TargetHealth = {
  State: 'unused',
  Reason: 'Target.NotInUse',
  Description: 'Target is in an Availability Zone that is not enabled for the load balancer',
};

const draining: TargetHealth = {
  State: 'draining',
  Reason: 'Target.DeregistrationInProgress',
  Description: 'Target deregistration is in progress',
};

/** One registration of an address in a group. */
export class Target {
  readonly id: string;
  /** Where it is reached. */
  readonly host: string;
  readonly port: number;
  readonly subnet: string | undefined;
  /**
   * Its own connections, so that they can be cut with it, and only they. The time-out is AWS's idle time-out; having
   * one also makes Node heed the shorter one that a target announces, or both ends could close and send at once.
   */
  readonly connections = new Agent({ keepAlive: true, maxFreeSockets: 256, timeout: 60_000 });
  /** How to cut what has left the agent's hands: upgraded connections. */
  readonly upgraded = new Set<() => void>();
  health: TargetHealth = unused;
  stopChecks: () => void = () => {};
  leaving:
    | { readonly gone: Promise<void>; readonly leave: () => void; readonly callOff: () => void }
    | undefined;

  constructor({ id, host = id, port, subnet }: TargetAddress) {
    this.id = id;
    this.host = host;
    this.port = port;
    this.subnet = subnet;
  }
}

interface Group {
  used: boolean;
  readonly targets: Map<string, Target>;
  /** Whose turn it is, per node: each node goes round by itself. */
  readonly turns: Map<string, number>;
}

const key = ({ id, port }: TargetAddress) => `${id}:${port}`;

export class TargetPool implements TargetRegistry {
  readonly #store: Store;
  readonly #room: HealthCheckRoom;
  readonly #groups = new Map<string, Group>();
  #used: ReadonlySet<string> = new Set();

  constructor(store: Store, room: HealthCheckRoom) {
    this.#store = store;
    this.#room = room;
  }

  register(targetGroupArn: string, address: TargetAddress): void {
    this.#store.targetGroup(targetGroupArn);
    const group = this.#group(targetGroupArn);
    const present = group.targets.get(key(address));
    if (present && !present.leaving) return;
    // Registering what is draining keeps it: it starts anew, and whoever waited for its end need not wait on.
    if (present) this.#remove(group, present);
    const target = new Target(address);
    group.targets.set(key(address), target);
    if (group.used) this.#startChecks(targetGroupArn, target);
  }

  deregister(targetGroupArn: string, address: TargetAddress): Promise<void> {
    const group = this.#group(targetGroupArn);
    const target = group.targets.get(key(address));
    if (!target) return Promise.resolve();
    if (target.leaving) return target.leaving.gone;
    target.stopChecks();
    if (!group.used) {
      this.#remove(group, target);
      return Promise.resolve();
    }
    target.health = draining;
    const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
    const attributes = this.#store.targetGroups.get(targetGroupArn)?.attributes;
    const delay = Number(attributes?.get('deregistration_delay.timeout_seconds') ?? 300);
    // AWS shows `draining` for the whole delay, even when nothing has been in flight for long.
    const callOff = this.#room.timers.after(this.#room.clock.ms(delay), () => this.#remove(group, target));
    target.leaving = { gone, leave, callOff };
    return gone;
  }

  health(targetGroupArn: string, address: TargetAddress): TargetHealth | undefined {
    return this.#groups.get(targetGroupArn)?.targets.get(key(address))?.health;
  }

  exists(targetGroupArn: string): boolean {
    return this.#store.targetGroups.has(targetGroupArn);
  }

  attached(targetGroupArn: string): boolean {
    return this.#store.attached().has(targetGroupArn);
  }

  targets(targetGroupArn: string): readonly Target[] {
    return [...this.#group(targetGroupArn).targets.values()];
  }

  /**
   * The target for the next request. Only healthy ones, unless there is none: then the load balancer fails open, and
   * all of them get requests. Targets that drain never do; undefined when nobody is left, which is a 503.
   */
  next(targetGroupArn: string, node: string): Target | undefined {
    const group = this.#group(targetGroupArn);
    const staying = [...group.targets.values()].filter(
      (target) => !target.leaving && target.health !== outside,
    );
    const healthy = staying.filter((target) => target.health.State === 'healthy');
    const candidates = healthy.length > 0 ? healthy : staying;
    const turn = group.turns.get(node) ?? 0;
    group.turns.set(node, turn + 1);
    return candidates[turn % candidates.length];
  }

  /** Which groups something forwards to now. A group that nothing forwards to is not checked: its targets are unused. */
  use(used: ReadonlySet<string>): void {
    this.#used = used;
    for (const [arn, group] of this.#groups) {
      const now = used.has(arn);
      if (now === group.used) continue;
      group.used = now;
      for (const target of group.targets.values()) {
        if (target.leaving) continue;
        if (now) {
          this.#startChecks(arn, target);
        } else {
          target.stopChecks();
          target.health = unused;
        }
      }
    }
  }

  forget(targetGroupArn: string): void {
    const group = this.#group(targetGroupArn);
    for (const target of [...group.targets.values()]) this.#remove(group, target);
    this.#groups.delete(targetGroupArn);
  }

  close(): void {
    for (const arn of [...this.#groups.keys()]) this.forget(arn);
  }

  #group(arn: string): Group {
    const group = this.#groups.get(arn) ?? {
      used: this.#used.has(arn),
      targets: new Map(),
      turns: new Map(),
    };
    this.#groups.set(arn, group);
    return group;
  }

  #startChecks(arn: string, target: Target): void {
    if (!this.#isReachable(arn, target)) {
      target.health = outside;
      return;
    }
    target.health = initialHealth;
    const settings = () => this.#store.targetGroups.get(arn)!.settings;
    target.stopChecks = startHealthChecks(target, settings, this.#room, (health) => {
      target.health = health;
    });
  }

  /** Zones are what counts on AWS; here each of them has one subnet. */
  #isReachable(arn: string, { subnet }: Target): boolean {
    const zones = this.#store
      .loadBalancersOf(arn)
      .flatMap((balancer) => this.#store.loadBalancer(balancer).AvailabilityZones ?? []);
    return subnet === undefined || zones.length === 0 || zones.some(({ SubnetId }) => SubnetId === subnet);
  }

  /** Cuts what is still in flight: AWS answers those requests with 502 when the deregistration delay is over. */
  #remove(group: Group, target: Target): void {
    if (group.targets.get(key(target)) === target) group.targets.delete(key(target));
    target.stopChecks();
    target.connections.destroy();
    for (const cut of target.upgraded) cut();
    target.leaving?.callOff();
    target.leaving?.leave();
  }
}
