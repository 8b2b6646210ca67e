import type { Problem } from '../../target.ts';
import type { DockerCli } from '../docker-cli.ts';

/** What of `docker inspect` says whether a proxy can do its work. */
export interface ProxyContainer {
  readonly Id: string;
  readonly State: { readonly Running: boolean; readonly Status: string };
  readonly HostConfig: { readonly ReadonlyRootfs: boolean; readonly NetworkMode: string };
  readonly Mounts: readonly Mount[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}

export interface Mount {
  readonly Type: string;
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly RW: boolean;
}

/** The proxy's container where it is fit for work, else what is wrong with it. */
export async function findProxyContainer(
  docker: DockerCli,
  name: string,
  network: string,
): Promise<ProxyContainer | Problem> {
  const [container] = await docker.inspect<ProxyContainer>('container', [name]);
  if (container === undefined)
    return {
      message: `There is no container ${name} for the proxy.`,
      fix: 'Start the proxy (operation: setup brings up an example), or correct proxy.container.',
      forceable: false,
    };
  if (!container.State.Running)
    return {
      message: `The proxy’s container ${name} is ${container.State.Status}, not running.`,
      fix: `Run \`docker start ${name}\`, and look at \`docker logs ${name}\` if it does not stay up.`,
      forceable: false,
    };
  // On the host's own network it reaches every container by address, but Docker's name server does not serve it.
  if (!Object.hasOwn(container.NetworkSettings.Networks, network))
    return {
      message: `The proxy’s container ${name} is not on the network ${network}.`,
      fix: `Run \`docker network connect ${network} ${name}\`, and name that network in the proxy’s own Compose file.`,
      forceable: false,
    };
  return container;
}

export const isProblem = (value: ProxyContainer | Problem): value is Problem => 'fix' in value;

/** The mount that a path is in; nothing when it is in the container's own layer. */
export const mountOf = ({ Mounts }: ProxyContainer, path: string): Mount | undefined =>
  Mounts.filter(
    ({ Destination }) => path === Destination || path.startsWith(`${Destination.replace(/\/$/, '')}/`),
  )
    .sort((one, other) => other.Destination.length - one.Destination.length)
    .at(0);

/** A volume without a name of its own: whoever removes the container with `-v`, or makes it anew, gets another. */
export const isAnonymous = ({ Type, Name = '' }: Mount): boolean =>
  Type === 'volume' && /^[0-9a-f]{64}$/.test(Name);
