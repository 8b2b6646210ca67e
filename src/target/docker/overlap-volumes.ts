import { relative, sep } from 'node:path';
import { otherColor } from '../../release/color.ts';
import type { Problem } from '../target.ts';
import { type ComposeConfig, type ComposeMount, isExternal } from './compose-config.ts';
import { accepted, type Overlap, problem } from './overlap-subject.ts';

/** What both colors would write to at once, and what only one of them would have. */
export function volumeProblems(overlap: Overlap): readonly Problem[] {
  const { configs, color } = overlap;
  const mounts = Object.entries(configs[color].services).flatMap(([service, { volumes = [] }]) =>
    volumes.map((mount) => ({ service, mount })),
  );
  return [
    ...missingProblems(overlap),
    ...mounts.flatMap(({ service, mount }) => [
      ...sharedProblems(overlap, service, mount),
      ...workspaceProblems(overlap, service, mount),
    ]),
    ...fileProblems(overlap),
    ...storeProblems(overlap),
  ];
}

/** An engine's own things, or made to be shared: a socket, devices, the clock. */
const HARMLESS = /^\/(?:dev|proc|sys|etc\/localtime|etc\/timezone)(?:\/|$)|\.sock$/;

function missingProblems({ file, configs, color, facts }: Overlap): readonly Problem[] {
  return Object.entries(configs[color].volumes ?? {})
    .filter(([, volume]) => isExternal(volume) && !facts.volumes.has(volume.name))
    .map(([key, { name }]) =>
      problem(
        `The external volume ${name} (${file.at(['volumes', key])}) does not exist.`,
        `Create it with \`docker volume create ${name}\`.`,
      ),
    );
}

function sharedProblems(overlap: Overlap, service: string, mount: ComposeMount): readonly Problem[] {
  const { file, configs, color } = overlap;
  const written = whatIsWritten(configs[color], mount);
  if (written === undefined || mount.source === undefined) return [];
  const other = configs[otherColor(color)];
  const isShared = Object.values(other.services)
    .flatMap(({ volumes = [] }) => volumes)
    .some((theirs) => whatIsWritten(other, theirs) === written);
  const accepts = accepted(overlap);
  if (!isShared || accepts.has(mount.source) || accepts.has(written) || accepts.has(service)) return [];
  const isVolume = mount.type === 'volume';
  const at = file.at(['services', service, 'volumes'], mount.target);
  return [
    problem(
      `Service ${service} (${at}) writes to ${isVolume ? `the volume ${written}` : written} at ${mount.target}, and so would the other color at the same time.`,
      `Mount it read-only (\`:ro\`), or run what owns the data in a Compose project of its own; where two versions may write to it at once, add \`x-blue-green: { accept: [${isVolume ? mount.source : written}] }\` to ${file.name}.`,
      true,
    ),
  ];
}

/** What the engine knows it by; nothing for what is read-only, anonymous, in memory or harmless. */
function whatIsWritten(config: ComposeConfig, mount: ComposeMount): string | undefined {
  if (mount.read_only === true || mount.source === undefined) return undefined;
  if (mount.type === 'bind') return HARMLESS.test(mount.source) ? undefined : mount.source;
  return mount.type === 'volume' ? (config.volumes?.[mount.source]?.name ?? mount.source) : undefined;
}

/** Compose turns `./nginx.conf` into a path of this machine; the engine looks for it on its own. */
function workspaceProblems(overlap: Overlap, service: string, mount: ComposeMount): readonly Problem[] {
  const { file } = overlap;
  const inside = mount.type === 'bind' ? insideWorkspace(overlap, mount.source) : undefined;
  if (inside === undefined) return [];
  return [
    problem(
      `Service ${service} (${file.at(['services', service, 'volumes'], mount.target)}) mounts ./${inside} of the workspace, which is not on the Docker host.`,
      'Put it into the image, or on the host under an absolute path.',
      true,
    ),
  ];
}

/** Secrets and configs with `file:` are mounts as well. */
function fileProblems(overlap: Overlap): readonly Problem[] {
  const { file, configs, color } = overlap;
  const services = Object.entries(configs[color].services);
  return (['secrets', 'configs'] as const).flatMap((kind) =>
    Object.entries(configs[color][kind] ?? {}).flatMap(([key, source]) => {
      const inside = insideWorkspace(overlap, source.file);
      const users = services.filter(([, service]) => service[kind]?.some((one) => one.source === key));
      if (inside === undefined || users.length === 0) return [];
      return [
        problem(
          `The ${kind.slice(0, -1)} ${key} (${file.at([kind, key])}) of ${users.map(([name]) => name).join(' and ')} is ./${inside} of the workspace, which is not on the Docker host.`,
          'Write the absolute path of a file on the host, or take its text from a variable of the job (`environment:`).',
          true,
        ),
      ];
    }),
  );
}

/** The path in the workspace, where that is not on the Docker host; nothing for any other path. */
function insideWorkspace({ remoteWorkspace }: Overlap, path: string | undefined): string | undefined {
  if (remoteWorkspace === undefined || path === undefined) return undefined;
  const inside = relative(remoteWorkspace, path);
  return inside.split(sep)[0] === '..' ? undefined : inside;
}

/** Images whose whole point is data that must be there after the switch too. */
const STORES =
  /(?:^|\/)(?:postgres(?:ql)?|postgis|timescaledb(?:-ha)?|pgvector|mysql|mariadb|percona|mongo(?:db)?|mssql|cassandra|clickhouse(?:-server)?|couchdb|cockroach|elasticsearch|opensearch|influxdb|minio|neo4j|rabbitmq)(?::|@|$)/;

/** A database that moves with the color is another one, with other data, for each color. */
function storeProblems(overlap: Overlap): readonly Problem[] {
  const { file, configs, color, settings } = overlap;
  const accepts = accepted(overlap);
  return Object.entries(configs[color].services)
    .filter(([name]) => !accepts.has(name) && hasStoreOfItsOwn(overlap, name))
    .map(([name, { image }]) =>
      problem(
        `Service ${name} (${file.at(['services', name])}) runs ${image} with data of its own for each color: after a switch, users would not find what they saved.`,
        `Run it in a Compose project of its own on the network ${settings.network}; or, if that is meant, add \`x-blue-green: { accept: [${name}] }\` to ${file.name}.`,
        true,
      ),
    );
}

/** Whether the service is a database of which each color would have another one. */
export function hasStoreOfItsOwn(
  { configs, color, settings }: Pick<Overlap, 'configs' | 'color' | 'settings'>,
  name: string,
): boolean {
  const [own, other] = [configs[color], configs[otherColor(color)]];
  const { image = '', volumes = [] } = own.services[name] ?? {};
  if (name === settings.service || !STORES.test(image)) return false;
  const theirs = (other.services[name]?.volumes ?? []).map((mount) => whatIsWritten(other, mount));
  // One store for both colors is told above.
  return !volumes.some((mount) => {
    const written = whatIsWritten(own, mount);
    return written !== undefined && theirs.includes(written);
  });
}
