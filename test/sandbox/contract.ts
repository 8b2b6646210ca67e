/** What the rooms of the sandbox know of each other: small types, no behavior but the error and the clock. */

/** One API operation: takes the parsed request, returns the answer in the SDK's own output shape. */
// biome-ignore lint/suspicious/noExplicitAny: each operation knows the shape of its own input
export type Operation = (input: any) => unknown | Promise<unknown>;
export type Operations = Readonly<Record<string, Operation>>;

/** An error as AWS would put it on the wire. `code` is the wire code (ELBv2 `PriorityInUse`, ECS `ClusterNotFoundException`). */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}

export interface TargetAddress {
  /** The task's own loopback address, e.g. `127.1.0.7`; for targets of type instance the machine's id. */
  readonly id: string;
  /** Where to reach it, where the id is no address. */
  readonly host?: string | undefined;
  readonly port: number;
  /** Where the task runs. A load balancer has no way to a target in a zone that is not enabled for it. */
  readonly subnet?: string | undefined;
}

export interface TargetHealth {
  readonly State: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining' | 'unavailable';
  readonly Reason?: string;
  readonly Description?: string;
}

/** What ECS needs of the load balancer. Implemented by `elb/`. */
export interface TargetRegistry {
  register(targetGroupArn: string, target: TargetAddress): void;
  /** Starts the deregistration delay; resolves when the target is gone, or at once if it was never in use. */
  deregister(targetGroupArn: string, target: TargetAddress): Promise<void>;
  health(targetGroupArn: string, target: TargetAddress): TargetHealth | undefined;
  exists(targetGroupArn: string): boolean;
  /** Whether some listener or rule forwards to the group (weight 0 counts). ECS CreateService insists on it. */
  attached(targetGroupArn: string): boolean;
}

/** What ECS does to listener rules where it moves the traffic itself. Implemented by `elb/`. */
export interface TrafficControl {
  exists(ruleArn: string): boolean;
  /** The weight of each target group that the rule forwards to. */
  weights(ruleArn: string): ReadonlyMap<string, number>;
  weigh(ruleArn: string, weights: ReadonlyMap<string, number>): void;
}

/** AWS durations shrunk: with `scale` 0.05, AWS's 30 s take 1.5 s here. */
export class Clock {
  readonly scale: number;
  constructor(scale: number) {
    this.scale = scale;
  }
  /** Real milliseconds for an AWS duration in seconds. */
  ms(seconds: number): number {
    return seconds * 1000 * this.scale;
  }
  now(): Date {
    return new Date();
  }
}

/** What an image does when it runs; the sandbox's registry maps image references to this. */
export interface ImageBehavior {
  /** Environment for the process (see app/app.ts for what it understands); the container's own environment wins. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long a pull takes, in AWS seconds. */
  readonly pullSeconds?: number;
  readonly digest?: string;
  /** The registry has it, and the pull fails all the same. */
  readonly pull?: 'denied' | 'other-platform' | 'unreachable';
  /** What it was built for; X86_64 by default. A task whose platform is another can't execute it. */
  readonly architecture?: 'X86_64' | 'ARM64';
  /** For which platforms there is an image in it, where it is a list of them: `linux/arm64`. */
  readonly platforms?: readonly string[];
}
