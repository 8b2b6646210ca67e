import { createHash } from 'node:crypto';
import { appCode } from './app/code.ts';
import { type AutoScaling, createAutoScaling } from './autoscaling.ts';
import { type CloudWatch, createCloudWatch } from './cloudwatch.ts';
import { Clock, type ImageBehavior, type Operations } from './contract.ts';
import { createEcr } from './ecr.ts';
import { Addresses } from './ecs/addresses.ts';
import { createEcs, type Ecs } from './ecs/index.ts';
import type { EcsOptions } from './ecs/model.ts';
import { createElb, type Elb, type ElbOptions } from './elb/index.ts';
import { createLogs } from './logs.ts';
import { Metrics } from './metrics.ts';
import { createParameterStore, createSecretsManager } from './secrets.ts';
import { createSts, Sessions } from './sts.ts';
import type { BucketOptions } from './wire/buckets.ts';
import type { Faults } from './wire/faults.ts';
import { type CallHook, type RequestRecord, Wire } from './wire/server.ts';
import type { ServiceName } from './wire/services.ts';

/** How a sandbox is to be; everything has a default. */
export interface SandboxOptions {
  /** How long an AWS second takes here; 0.05 by default. */
  readonly scale?: number;
  /** The one region that has resources; us-east-1 by default. */
  readonly region?: string;
  readonly account?: string;
  /** Of the endpoint; a free one by default. */
  readonly port?: number;
  /** Emulates the limits that AWS sets to an account's calls, in real seconds; `call()` here is not counted. */
  readonly accountBuckets?: boolean | BucketOptions;
  readonly ecs?: Partial<EcsOptions>;
  /** How long it takes until a request is in the metrics, in AWS seconds; 0 by default. */
  readonly metricsLagSeconds?: number;
  /** Whether ECR tells digests; by default it denies that, as most policies do. */
  readonly ecr?: boolean;
  readonly elb?: Partial<Omit<ElbOptions, 'clock' | 'region' | 'account'>>;
}

/** A stand-in of AWS that runs. */
export interface Sandbox {
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  /** Of all services: AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  /** What a process needs in its environment to use it. */
  readonly env: Readonly<Record<string, string>>;
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  /** The IAM actions that the caller may use; undefined for all. */
  allowed: Set<string> | undefined;
  readonly images: ReadonlyMap<string, ImageBehavior>;
  readonly ecs: Ecs;
  readonly elb: Elb;
  readonly autoscaling: AutoScaling;
  readonly cloudwatch: CloudWatch;
  /** The credentials that STS has given away. */
  readonly sessions: Sessions;
  /** Mistakes of the sandbox itself so far; `close()` throws when there are any. */
  readonly problems: readonly string[];
  /** Puts an image into the registry; its VERSION is its tag, unless the behavior says otherwise. */
  addImage(reference: string, behavior?: ImageBehavior): void;
  /** Takes it out again: tasks that start from now on can't pull it. */
  removeImage(reference: string): void;
  /** Runs an operation without the wire: no faults, no log, no permissions. */
  call<Output = Record<string, unknown>>(operation: string, input: unknown): Promise<Output>;
  /** Runs before each call on the wire: name, the how-many-th of it, input, the how-many-th of all. */
  onCall(hook: CallHook): () => void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One region: its resources are its own. */
interface Region {
  readonly ecs: Ecs;
  readonly elb: Elb;
  readonly autoscaling: AutoScaling;
  readonly cloudwatch: CloudWatch;
  readonly operations: Readonly<Record<ServiceName, Operations>>;
  close(): Promise<void>;
}

/** Starts a stand-in of AWS on this machine: real processes for tasks, real proxies for load balancers. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { scale = 0.05, region = 'us-east-1', account = '123456789012' } = options;
  const clock = new Clock(scale);
  const identity = `arn:aws:sts::${account}:assumed-role/deploy/session`;
  const images = new Map<string, ImageBehavior>();
  const addresses = await Addresses.claim();
  const code = appCode();
  const problems: string[] = [];
  const sessions = new Sessions();

  const createRegion = (name: string): Region => {
    // A task's load balancer must be reachable from here, and AWS's host names do not resolve.
    const elb = createElb({ dnsName: () => '127.0.0.1', ...options.elb, clock, region: name, account });
    const metrics = new Metrics({
      clock,
      samplesOf: (group) => elb.samples(group),
      lagSeconds: options.metricsLagSeconds ?? 0,
    });
    const cloudwatch = createCloudWatch(name, account, metrics);
    const ecs = createEcs({
      clock,
      region: name,
      account,
      images,
      targets: elb.registry,
      traffic: elb.traffic,
      alarmState: (alarm) =>
        (cloudwatch.metricAlarms.get(alarm) ?? cloudwatch.compositeAlarms.get(alarm))?.StateValue,
      addresses,
      appCode: code,
      options: options.ecs,
      onProblem: (problem) => problems.push(problem),
    });
    const autoscaling = createAutoScaling(ecs.world);
    return {
      ecs,
      elb,
      autoscaling,
      cloudwatch,
      operations: {
        ecs: ecs.operations,
        elasticloadbalancing: elb.operations,
        'application-autoscaling': autoscaling.operations,
        cloudwatch: { ...cloudwatch.operations, ...metrics.operations },
        logs: createLogs(ecs.world),
        ecr: createEcr({ region: name, account, images, isOpen: options.ecr ?? false }),
        secretsmanager: createSecretsManager(ecs.world),
        ssm: createParameterStore(ecs.world),
        sts: createSts(account, identity, sessions),
      },
      async close() {
        await ecs.close();
        await elb.close();
      },
    };
  };

  const home = createRegion(region);
  // A request signed for another region finds what is there: nothing.
  const regions = new Map([[region, home]]);
  const regionOf = (name: string): Region => {
    const found = regions.get(name || region) ?? createRegion(name);
    regions.set(name || region, found);
    return found;
  };

  const wire = new Wire({
    operations: (service, name) => regionOf(name).operations[service],
    account,
    identity,
    isOver: (key) => sessions.isOver(key),
    problems,
    port: options.port,
    buckets: options.accountBuckets === true ? {} : options.accountBuckets || undefined,
  });
  const endpoint = await wire.listen();

  const close = async () => {
    await wire.close();
    await Promise.all([...regions.values()].map((one) => one.close()));
    addresses.close();
    if (problems.length > 0) throw new Error(`The sandbox made mistakes:\n${problems.splice(0).join('\n')}`);
  };

  return {
    clock,
    region,
    account,
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'ASIASANDBOX000000000',
      AWS_SECRET_ACCESS_KEY: 'sandbox-secret',
      AWS_SESSION_TOKEN: 'sandbox-session-token',
    },
    faults: wire.faults,
    requests: wire.requests,
    get allowed() {
      return wire.allowed;
    },
    set allowed(actions) {
      wire.allowed = actions;
    },
    images,
    ecs: home.ecs,
    elb: home.elb,
    autoscaling: home.autoscaling,
    cloudwatch: home.cloudwatch,
    sessions,
    problems,
    addImage(reference, behavior = {}) {
      const digest = `sha256:${createHash('sha256').update(reference).digest('hex')}`;
      const image = { digest, ...behavior };
      images.set(reference, image);
      // The same image by digest, as deployments that pin their images ask for it.
      const repository = reference.replace(/[:@][^/]*$/, '');
      const version = reference.slice(repository.length + 1);
      images.set(`${repository}@${image.digest}`, { ...image, env: { VERSION: version, ...image.env } });
    },
    removeImage(reference) {
      images.delete(reference);
    },
    async call<Output>(operation: string, input: unknown) {
      const all = Object.values(home.operations);
      const run = all.map((operations) => operations[operation]).find((found) => found !== undefined);
      if (!run) throw new Error(`The sandbox does not have ${operation}`);
      return (await run(input)) as Output;
    },
    onCall: (hook) => wire.onCall(hook),
    close,
    [Symbol.asyncDispose]: close,
  };
}
