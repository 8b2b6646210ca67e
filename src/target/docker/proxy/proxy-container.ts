import { DeployError } from '../../../errors.ts';
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
  const container = await runningProxy(docker, name);
  if (isProblem(container)) return container;
  const { NetworkMode: mode } = container.HostConfig;
  // From there it may reach every container by address, but Docker’s name server does not serve it.
  if (/^(?:host|none|container:.*)$/.test(mode))
    return {
      message: `The proxy’s container ${name} has \`network_mode: ${mode}\`, and so no place on the network ${network}, where Docker tells the names of the containers.`,
      fix: `Make it again without that line, on the network ${network}, with the ports for its users in \`ports:\`. Docker connects no container with that mode to a network.`,
      forceable: false,
    };
  if (!Object.hasOwn(container.NetworkSettings.Networks, network))
    return {
      message: `The proxy’s container ${name} is not on the network ${network}.`,
      fix: `Run \`docker network connect ${network} ${name}\`, and name that network in the proxy’s own Compose file.`,
      forceable: false,
    };
  return container;
}

async function runningProxy(
  docker: Pick<DockerCli, 'inspect'>,
  name: string,
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
  return container;
}

/** A proxy that does not answer, told by why that is: its container is missing, or down; else as it was told. */
export async function unanswered(
  error: unknown,
  docker: Pick<DockerCli, 'inspect'>,
  name: string,
): Promise<unknown> {
  const found = await runningProxy(docker, name);
  if (!isProblem(found)) return error;
  return new DeployError(found.message, { code: 'proxy-missing', hint: found.fix, cause: error });
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
