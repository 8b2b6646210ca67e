/**
 * What `docker compose config --format json` makes of the user's file, as far as it is read here. Compose has by then
 * filled in variables, files that extend or include others, and the long form of every short one.
 */
export interface ComposeConfig {
  /** The project. */
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, ComposeNetwork>>;
  readonly volumes?: Readonly<Record<string, ComposeVolume>>;
  readonly configs?: Readonly<Record<string, ComposeFileSource>>;
  readonly secrets?: Readonly<Record<string, ComposeFileSource>>;
  /** Compose leaves keys with `x-` to others. */
  readonly 'x-blue-green'?: unknown;
}

export interface ComposeService {
  readonly image?: string;
  /** Without a value: one of the caller's that is not set. */
  readonly environment?: Readonly<Record<string, string | number | boolean | null>>;
  readonly build?: unknown;
  readonly configs?: readonly ComposeFileMount[];
  readonly container_name?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition?: string }>>;
  readonly deploy?: {
    readonly mode?: string;
    readonly replicas?: number;
    readonly restart_policy?: { readonly condition?: string; readonly max_attempts?: number };
  };
  readonly network_mode?: string;
  /** Absent with `network_mode`; a service that names none is on `default`. */
  readonly networks?: Readonly<Record<string, ComposeAttachment | null>>;
  readonly platform?: string;
  readonly ports?: readonly ComposePort[];
  readonly pull_policy?: string;
  readonly restart?: string;
  readonly scale?: number;
  readonly secrets?: readonly ComposeFileMount[];
  readonly volumes?: readonly ComposeMount[];
}

export interface ComposeAttachment {
  readonly aliases?: readonly string[];
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
}

export interface ComposePort {
  readonly target: number;
  /** A port, or a range of which the engine takes one that is free; absent where the engine may choose any. */
  readonly published?: string | number;
  readonly host_ip?: string;
  readonly protocol?: string;
}

export interface ComposeMount {
  readonly type: string;
  /** The key of a volume, or a path on the host; absent for an anonymous volume. */
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
}

export interface ComposeNetwork {
  /** What the engine calls it. */
  readonly name: string;
  readonly external?: unknown;
  readonly ipam?: { readonly config?: readonly { readonly subnet?: string }[] | null };
}

export interface ComposeVolume {
  /** What the engine calls it. */
  readonly name: string;
  readonly external?: unknown;
}

/** A secret or a config, of which one of these says where its text comes from. */
export interface ComposeFileSource {
  /** An absolute path. */
  readonly file?: string;
  /** The name of a variable. */
  readonly environment?: string;
  readonly content?: string;
}

/** Where a service has a secret or a config. */
export interface ComposeFileMount {
  /** Its key. */
  readonly source: string;
  readonly target?: string;
}

/** How many containers of a service Compose runs by itself. */
export const scaleOf = ({ scale, deploy }: ComposeService): number => scale ?? deploy?.replicas ?? 1;

/** Somebody else makes it: Compose only uses it. */
export const isExternal = ({ external }: ComposeNetwork | ComposeVolume): boolean =>
  external !== undefined && external !== false;
