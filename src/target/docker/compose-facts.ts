import type { DockerCli } from './docker-cli.ts';
import { COMPOSE_PROJECT } from './names.ts';

/** What there is on the engine already, as far as a new color could collide with it. */
export interface EngineFacts {
  readonly containers: readonly EngineContainer[];
  readonly networks: ReadonlyMap<string, EngineNetwork>;
  /** Names. */
  readonly volumes: ReadonlySet<string>;
}

export interface EngineContainer {
  readonly name: string;
  /** The Compose project that it belongs to; empty where it belongs to none. */
  readonly project: string;
  readonly ports: readonly HostPort[];
}

/** A port of the host, or several in a row. */
export interface HostPort {
  /** Empty for every address. */
  readonly ip: string;
  readonly first: number;
  readonly last: number;
  readonly protocol: string;
}

export interface EngineNetwork {
  readonly name: string;
  readonly scope: string;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** The label by which Compose knows a network that it made: the key in the file. */
export const COMPOSE_NETWORK = 'com.docker.compose.network';

/** Asks the engine, four short questions at once. */
export async function readFacts(docker: DockerCli, networks: readonly string[]): Promise<EngineFacts> {
  const [containers, found, volumes] = await Promise.all([
    docker.lines<{ name: string; project: string; ports: string }>([
      'ps',
      '--all',
      '--format',
      `{"name":{{json .Names}},"project":{{json (.Label "${COMPOSE_PROJECT}")}},"ports":{{json .Ports}}}`,
    ]),
    docker.inspect<{
      Name: string;
      Scope: string;
      Attachable: boolean;
      Labels: Record<string, string> | null;
    }>('network', networks),
    docker.run(['volume', 'ls', '--quiet']),
  ]);
  return {
    containers: containers.map(({ name, project, ports }) => ({
      name,
      project,
      ports: publishedPorts(ports),
    })),
    networks: new Map(
      found.map(({ Name, Scope, Attachable, Labels }) => [
        Name,
        { name: Name, scope: Scope, attachable: Attachable, labels: Labels ?? {} },
      ]),
    ),
    volumes: new Set(volumes.split('\n').filter((name) => name !== '')),
  };
}

/** Reads `0.0.0.0:8080->80/tcp, :::8080->80/tcp, 9000/tcp, 127.0.0.1:9001-9002->9001-9002/udp`. */
export const publishedPorts = (text: string): readonly HostPort[] =>
  text.split(', ').flatMap((one) => {
    const match = /^(.*):(\d+)(?:-(\d+))?->[\d-]+\/(\w+)$/.exec(one);
    if (match === null) return [];
    const [, ip = '', first = '', last = first, protocol = 'tcp'] = match;
    return [{ ip: anyAddress(ip), first: Number(first), last: Number(last), protocol }];
  });

/** An address, or nothing where it means all of them. */
export const anyAddress = (ip: string): string => {
  const bare = ip.replace(/^\[|\]$/g, '');
  return bare === '0.0.0.0' || bare === '::' ? '' : bare;
};
