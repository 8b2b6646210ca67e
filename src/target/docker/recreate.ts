import { COMPOSE_NUMBER } from './names.ts';

/** `docker inspect` of a container as it came, of which only what must change is known here. */
export interface RawContainer {
  readonly Id: string;
  readonly Name: string;
  /** The image's id. */
  readonly Image: string;
  readonly Config: Json & {
    readonly Image: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly Hostname?: string;
    readonly Entrypoint?: readonly string[] | null;
  };
  readonly HostConfig: Json & {
    readonly NetworkMode?: string;
    readonly Binds?: readonly string[] | null;
    readonly Mounts?: readonly Mount[] | null;
    readonly VolumesFrom?: readonly string[] | null;
  };
  readonly NetworkSettings: { readonly Networks?: Readonly<Record<string, Endpoint | null>> | null };
  readonly Mounts?: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Destination: string;
    readonly RW: boolean;
  }[];
}

type Json = Readonly<Record<string, unknown>>;
type Endpoint = Json & { readonly NetworkID?: string; readonly Aliases?: readonly string[] | null };
type Mount = Json & { readonly Type?: string; readonly Source?: string; readonly Target?: string };

/** What makes a container. */
export interface Creation {
  readonly name: string;
  /** Of POST /containers/create. Holds the first of the endpoints, as engines before API 1.44 take only one there. */
  readonly body: Json;
  /** All of them; those after the first want POST /networks/{name}/connect. */
  readonly endpoints: readonly { readonly network: string; readonly settings: Json }[];
}

export interface RecreateOptions {
  /** What the image is called, where that still means the same one; else its id. */
  readonly image: string;
  /** The new ids of containers that were recreated before, by their old ones. */
  readonly ids: ReadonlyMap<string, string>;
}

/** What Docker reports of an endpoint that works, but does not want to be told. */
const OPERATIONAL = new Set([
  ...['NetworkID', 'EndpointID', 'Gateway', 'IPAddress', 'IPPrefixLen', 'IPv6Gateway'],
  ...['GlobalIPv6Address', 'GlobalIPv6PrefixLen', 'MacAddress', 'DNSNames'],
]);

/** Networks that are none: they take no settings. */
const NO_NETWORK = /^(?:host|none|container:.*)$/;

/**
 * A container as it was, from its inspect: same name, labels, image, settings, networks and volumes. Everything that is
 * not named here goes back as Docker gave it. The restart policy is `no`: what is recreated is parked.
 */
export function recreation(raw: RawContainer, { image, ids }: RecreateOptions): Creation {
  const main = mainNetwork(raw);
  const isMain = ({ network }: { network: string }) => network === main;
  const endpoints = endpointsOf(raw).sort((a, b) => Number(isMain(b)) - Number(isMain(a)));
  const [first] = endpoints;
  return {
    name: raw.Name.replace(/^\//, ''),
    body: {
      ...configOf(raw, image),
      HostConfig: { ...hostConfigOf(raw, ids), RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
      ...(first !== undefined && {
        NetworkingConfig: { EndpointsConfig: { [first.network]: first.settings } },
      }),
    },
    endpoints,
  };
}

/**
 * One more container like this one, under the next number: what must be its own (address, host name by id, anonymous
 * volumes) is left to Docker.
 */
export function copy(
  raw: RawContainer,
  { image, name, number }: { readonly image: string; readonly name: string; readonly number: number },
): Creation {
  const oldName = raw.Name.replace(/^\//, '');
  const own = anonymousVolumes(raw);
  const networks = Object.entries(raw.NetworkSettings.Networks ?? {}).map(([network, endpoint]) => [
    network,
    endpoint === null
      ? null
      : {
          ...endpoint,
          IPAMConfig: null,
          Aliases: (endpoint.Aliases ?? []).map((alias) => (alias === oldName ? name : alias)),
        },
  ]);
  return recreation(
    {
      ...raw,
      Name: name,
      Config: {
        ...raw.Config,
        Labels: { ...raw.Config.Labels, [COMPOSE_NUMBER]: String(number) },
      },
      HostConfig: {
        ...raw.HostConfig,
        // What one container handed on to its successor is anonymous still, though it is mounted by its name.
        Binds: (raw.HostConfig.Binds ?? []).filter((bind) => !own.has(bind.split(':')[0] ?? '')),
      },
      NetworkSettings: { Networks: Object.fromEntries(networks) },
      Mounts: [],
    },
    { image, ids: new Map() },
  );
}

function configOf(raw: RawContainer, image: string): Json {
  const { Hostname, ...config } = raw.Config;
  const mode = raw.HostConfig.NetworkMode ?? '';
  // Docker sets the beginning of the id by itself, and takes no host name in somebody else's network.
  const isOwn = Hostname !== undefined && Hostname !== raw.Id.slice(0, 12) && !NO_NETWORK.test(mode);
  return {
    ...config,
    ...(isOwn && { Hostname }),
    Image: image,
    // Nothing at all would mean the image's; this is how Docker is told that there is none.
    Entrypoint: config.Entrypoint ?? [''],
    // They came from the image, and do so again; with this mode Docker refuses to hear of them.
    ...(mode.startsWith('container:') && { ExposedPorts: undefined, Domainname: undefined }),
  };
}

function hostConfigOf(raw: RawContainer, ids: ReadonlyMap<string, string>): Json {
  const renamed = (value: unknown): unknown => {
    const other = typeof value === 'string' ? /^container:(.+)$/.exec(value)?.[1] : undefined;
    return other === undefined ? value : `container:${ids.get(other) ?? other}`;
  };
  const modes = Object.fromEntries(
    ['IpcMode', 'PidMode', 'UTSMode']
      .filter((key) => key in raw.HostConfig)
      .map((key) => [key, renamed(raw.HostConfig[key])]),
  );
  return {
    ...raw.HostConfig,
    NetworkMode: renamed(mainNetwork(raw)),
    ...modes,
    ...volumesFrom(raw, ids),
    ...volumes(raw),
  };
}

/** Compose names the first network by its id. By its name it is still found when it was made anew meanwhile. */
function mainNetwork({ HostConfig, NetworkSettings }: RawContainer): string {
  const mode = HostConfig.NetworkMode ?? 'default';
  const byId = Object.entries(NetworkSettings.Networks ?? {}).find(([, one]) => one?.NetworkID === mode);
  return byId?.[0] ?? mode;
}

function volumesFrom({ HostConfig }: RawContainer, ids: ReadonlyMap<string, string>): Json {
  const list = HostConfig.VolumesFrom;
  if (list === undefined || list === null) return {};
  return {
    VolumesFrom: list.map((entry) => {
      const [other = '', ...mode] = entry.split(':');
      return [ids.get(other) ?? other, ...mode].join(':');
    }),
  };
}

/** Anonymous volumes are named, so that what is in them is kept. */
function volumes({ HostConfig, Mounts = [] }: RawContainer): Json {
  const mounts = HostConfig.Mounts?.map((mount) => {
    const found = Mounts.find(({ Type, Destination }) => Type === 'volume' && Destination === mount.Target);
    return mount.Type === 'volume' && !mount.Source && found?.Name ? { ...mount, Source: found.Name } : mount;
  });
  const mounted = new Set([
    ...(HostConfig.Binds ?? []).map((bind) => bind.split(':')[1]),
    ...(mounts ?? []).map(({ Target }) => Target),
  ]);
  const added = Mounts.filter(
    ({ Type, Name, Destination }) => Type === 'volume' && Name && !mounted.has(Destination),
  );
  return {
    ...(mounts !== undefined && { Mounts: mounts }),
    ...(added.length > 0 && {
      Binds: [
        ...(HostConfig.Binds ?? []),
        ...added.map(({ Name, Destination, RW }) => `${Name}:${Destination}${RW ? '' : ':ro'}`),
      ],
    }),
  };
}

/** Names of volumes that Docker made up: 64 hex digits. */
const anonymousVolumes = ({ Mounts = [] }: RawContainer): ReadonlySet<string> =>
  new Set(
    Mounts.flatMap(({ Type, Name = '' }) => (Type === 'volume' && /^[0-9a-f]{64}$/.test(Name) ? [Name] : [])),
  );

function endpointsOf({
  Id,
  HostConfig,
  NetworkSettings,
}: RawContainer): { network: string; settings: Json }[] {
  if (NO_NETWORK.test(HostConfig.NetworkMode ?? '')) return [];
  return Object.entries(NetworkSettings.Networks ?? {}).map(([network, endpoint]) => ({
    network,
    settings: Object.fromEntries(
      Object.entries(endpoint ?? {})
        .filter(([key]) => !OPERATIONAL.has(key))
        // Older engines add the beginning of the id by themselves, and show it.
        .map(([key, value]) =>
          key === 'Aliases' && Array.isArray(value)
            ? [key, value.filter((alias) => alias !== Id.slice(0, 12))]
            : [key, value],
        ),
    ),
  }));
}
