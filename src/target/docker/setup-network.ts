import type { DockerCli } from './docker-cli.ts';
import { DockerError, isMissing } from './docker-error.ts';

interface Network {
  readonly IPAM: { readonly Config?: readonly { readonly Subnet?: string }[] | null };
}

/** Between the look and the creation another network may take the subnet. */
const ATTEMPTS = 3;

/**
 * With a subnet of its own, which an alias needs (a container comes back to its address only in such a network). It is
 * one that Docker itself would have taken, so it is free. That is found out under another name: a run that dies
 * half-way must not leave the network without its subnet.
 *
 * @returns whether it was missing
 */
export async function makeNetwork(docker: DockerCli, network: string): Promise<boolean> {
  if ((await docker.inspect<Network>('network', [network])).length > 0) return false;
  for (let attempt = 1; ; attempt += 1) {
    const subnets = await freeSubnets(docker, `${network}-setup`);
    try {
      await docker.run(['network', 'create', ...subnets.flatMap((subnet) => ['--subnet', subnet]), network]);
      return true;
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof DockerError) || !/overlaps/i.test(error.message))
        throw error;
    }
  }
}

async function freeSubnets(docker: DockerCli, probe: string): Promise<readonly string[]> {
  await remove(docker, probe);
  await docker.run(['network', 'create', probe]);
  try {
    const [found] = await docker.inspect<Network>('network', [probe]);
    return (found?.IPAM.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet]));
  } finally {
    await remove(docker, probe);
  }
}

const remove = (docker: DockerCli, network: string) =>
  docker.run(['network', 'rm', network]).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
