import type { PerColor } from '../release/color.ts';

/**
 * What the user wrote for one environment, typed and checked. Property names are the keys of the config file, so that
 * code, file and messages share one vocabulary. Durations are milliseconds. `{app}` and `{environment}` are filled in;
 * strings that may hold `{color}` or `{image-tag}` say so, and want `fill` (template.ts) before use.
 */
export interface Environment {
  readonly app: string;
  /** The key under `environments`. */
  readonly name: string;
  /** What users open: an absolute http(s) URL. */
  readonly url?: string;
  readonly target: TargetSettings;
  readonly health: HealthSettings;
  /** In the order in which they run. */
  readonly smoke: readonly SmokeTest[];
  readonly shift: ShiftSettings;
  readonly identity?: Identity;
  readonly stabilize: StabilizeSettings;
  readonly watch: WatchSettings;
  readonly retire: RetireSettings;
  readonly lock: LockSettings;
  readonly slack: SlackSettings;
}

/** Where it is deployed: one kind of platform. */
export type TargetSettings =
  | { readonly kind: 'ecs'; readonly ecs: EcsSettings }
  | { readonly kind: 'ecs-native'; readonly ecs: EcsNativeSettings }
  | { readonly kind: 'docker'; readonly docker: DockerSettings };

/** What both ways of deploying to Amazon ECS need. */
interface AnyEcsSettings {
  readonly region: string;
  readonly cluster: string;
  /** The repository, without a tag. */
  readonly image: string;
  /** Absent: the container that the load balancer points at. */
  readonly container?: string;
  /** Further containers that take the same tag: container name -> repository. */
  readonly images: Readonly<Record<string, string>>;
  /** ARN of a role that the action assumes by itself with the job's OIDC token. Absent: the environment's credentials. */
  readonly role?: string;
  readonly 'preview-priority': number;
  /** How long a change of the load balancer may take to reach all of its nodes, in ms. */
  readonly propagation: number;
}

/** One service whose deployment strategy is blue/green, linear or canary: ECS itself moves the traffic. */
export interface EcsNativeSettings extends AnyEcsSettings {
  readonly services: { readonly native: string };
  /** ECS starts as many tasks of a new release as the service has. */
  readonly 'desired-count'?: never;
}

export interface EcsSettings extends AnyEcsSettings {
  /** Names of the two services; they differ. */
  readonly services: PerColor<string>;
  /** ARNs of listeners or listener rules, at least one, all in `region`, none twice. */
  readonly listeners: readonly string[];
  /** ARNs; they differ. Absent: read from the services. */
  readonly 'target-groups'?: PerColor<string>;
  /** Pairs of services without traffic that move along; all names differ, also from `services`. */
  readonly workers: readonly PerColor<string>[];
  /** Absent: what the live color runs now. */
  readonly 'desired-count'?: number;
  /** Whether Application Auto Scaling is handed over from the old color to the new one, or left alone. */
  readonly autoscaling: 'hand-over' | 'ignore';
  /** What `operation: setup` makes. Absent: none. */
  readonly alarms?: AlarmSettings;
}

/** CloudWatch alarms on the answers of each color's target group. */
export interface AlarmSettings {
  /** In percent. */
  readonly 'error-rate': number;
  /** ms */
  readonly 'response-time': number;
  /** ARN of the SNS topic that they tell. */
  readonly 'sns-topic'?: string;
}

export interface DockerSettings {
  /** `unix://`, `tcp://` or `ssh://`; absent: where the Docker CLI goes by itself (DOCKER_HOST, its context). */
  readonly host?: string;
  /** With `ssh://`: the text of a known_hosts file, the path of one, or a fingerprint (`SHA256:…`). */
  readonly 'known-hosts'?: string;
  /** With `ssh://`: a private key's path. Absent: the input `ssh-key`, else the agent and the user's ssh config. */
  readonly 'identity-file'?: string;
  /** The repository, without a tag. */
  readonly image: string;
  /** The user's Compose file, a path in the workspace. */
  readonly compose: string;
  /** The service of that file that takes the traffic. */
  readonly service: string;
  /** Where it listens inside the container. */
  readonly port: number;
  /** Absent: what the live color runs now. */
  readonly replicas?: number;
  /** Name of the Docker network that the containers share with the proxy. */
  readonly network: string;
  /** The network alias of each color's containers: what the proxy's configuration calls them. */
  readonly aliases: PerColor<string>;
  readonly proxy: ProxySettings;
}

/** What shares out the traffic on a Docker host. */
export type ProxySettings = HaproxySettings | CaddySettings | AliasSettings;

export interface HaproxySettings {
  readonly kind: 'haproxy';
  /** The admin socket: a path on the host, or `tcp://address:port` as the host sees it. */
  readonly socket: string;
  /** Path of the map file inside the container; in a directory that outlives it. */
  readonly map: string;
  /** Path of the map that gives a color a share of the traffic, inside the container. */
  readonly shares: string;
  /** Name of the proxy's container. */
  readonly container: string;
  /** The map's key that leads to the live backend. */
  readonly key: string;
  /** Names of the two backends. */
  readonly backends: PerColor<string>;
}

export interface CaddySettings {
  readonly kind: 'caddy';
  /** Directory of the flag files inside the container. */
  readonly flags: string;
  /** Flag files are `<flag>.blue` and `<flag>.green`. */
  readonly flag: string;
  readonly container: string;
  /** Address of the admin endpoint as the host sees it. Absent: requests in flight are not counted. */
  readonly admin?: string;
}

export interface AliasSettings {
  readonly kind: 'alias';
  /** The network alias that the proxy resolves. */
  readonly name: string;
  /** How long the proxy keeps what it resolved, in ms. */
  readonly 'dns-ttl': number;
}

export interface HealthSettings {
  /** On Docker: what each container is asked for. Absent: that it takes a connection is enough. */
  readonly path?: string;
  /** ms */
  readonly timeout: number;
  /** ms */
  readonly interval: number;
  /** How long the instances must stay healthy before they count, in ms; 0 for at once. */
  readonly 'stable-for': number;
}

/** What is asked of an HTTP address, and what must come back. */
export interface HttpExpectation {
  readonly status: number;
  /** Absent: any body. */
  readonly body?: BodyExpectation;
  /** Sent with the request. Values may hold `{color}` and `{image-tag}`. */
  readonly headers: Readonly<Record<string, string>>;
  /** For one attempt, in ms. */
  readonly timeout: number;
  /** Further attempts after the first. */
  readonly retries: number;
}

/**
 * What the body must contain (`text`) or match (`pattern`). Both may hold `{color}` and `{image-tag}`: fill a text
 * with `fill`, a pattern's source with `fillPattern`, so that the dots of a tag stay dots.
 */
export type BodyExpectation =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pattern'; readonly source: string; readonly flags: string };

export type SmokeTest = PathTest | UrlTest | RunTest;

/** A request through the preview. */
export interface PathTest extends HttpExpectation {
  readonly kind: 'path';
  /** Starts with one `/`. May hold `{color}` and `{image-tag}`. */
  readonly path: string;
}

/** A request to an address of the user's own. */
export interface UrlTest extends HttpExpectation {
  readonly kind: 'url';
  /** Absolute, http(s). May hold `{color}` and `{image-tag}`. */
  readonly url: string;
}

/** A command in the workspace, run without a shell. */
export interface RunTest {
  readonly kind: 'run';
  /** The program and its arguments, at least one. Each may hold `{color}` and `{image-tag}`. */
  readonly run: readonly string[];
  /** For one attempt, in ms. */
  readonly timeout: number;
  /** Further attempts after the first. */
  readonly retries: number;
}

/** How an answer proves which release gave it. Only together with `url`. */
export interface Identity {
  /** The name of a response header. */
  readonly header: string;
  /** May hold `{color}` and `{image-tag}`. */
  readonly value: string;
  /** Starts with one `/`. May hold `{color}` and `{image-tag}`. */
  readonly path: string;
}

/** A request through `url`. */
export interface Probe extends HttpExpectation {
  /** Body of a POST that is sent too while the traffic moves. */
  readonly post?: string;
  /** Starts with one `/`. May hold `{color}` and `{image-tag}`. */
  readonly path: string;
}

export interface ShiftSettings {
  /** Shares of the traffic, in percent, that a release gets before it gets all; whole, rising, none for all at once. */
  readonly steps: readonly number[];
  /** For how long each, in ms. */
  readonly every: number;
}

export interface WatchSettings {
  /** How long after it went live a release may still be taken back by `operation: watch`, in ms. */
  readonly window: number;
  /** How long that operation looks, in ms; 0 for once. */
  readonly for: number;
}

export interface StabilizeSettings {
  /** ms; 0 for not at all. */
  readonly for: number;
  /** ms; not longer than `for`, unless that is 0. */
  readonly interval: number;
  /** Names of CloudWatch alarms. May hold `{color}`. */
  readonly alarms: readonly string[];
  /** What an alarm means that still has no data at the end of the watch. */
  readonly 'insufficient-data': 'ignore' | 'fail';
  /** In percent. */
  readonly 'max-error-rate'?: number;
  /** ms */
  readonly 'max-latency'?: number;
  /** How many answers there must be before they say anything. */
  readonly 'min-requests': number;
  /** Only together with `url`. */
  readonly probe?: Probe;
  /** With more failed probes than this, the release is taken back. */
  readonly 'max-failed-probes': number;
}

export interface RetireSettings {
  /** How long requests in flight on the old color may take to end, in ms. */
  readonly drain: number;
  /** How many instances of the old color stay warm. */
  readonly keep: number | 'all';
  /** On Docker: whether images of the app that neither color needs are removed in the end. */
  readonly prune: boolean;
}

export interface LockSettings {
  /** How long to wait for another run to end, in ms; 0 for not at all. */
  readonly wait: number;
  /** The lease, in ms. */
  readonly ttl: number;
}

export type SlackOccasion = 'start' | 'success' | 'failure' | 'rollback';

export interface SlackSettings {
  /** The config has a section `slack`: whoever wrote it counts on being told. */
  readonly isWritten?: true;
  readonly on: readonly SlackOccasion[];
  /** Slack's own markup, `<!here>`. */
  readonly mention?: string;
}
