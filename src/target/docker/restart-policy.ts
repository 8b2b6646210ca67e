import { type Container, labelOf, policyOf } from './containers.ts';
import type { DockerCli } from './docker-cli.ts';
import { isMissing } from './docker-error.ts';
import { LABELS } from './names.ts';

/**
 * Sets what Docker does when a container ends, or the host starts, as `docker update --restart` does. Containers that are
 * gone are left out, and those that are there get it whatever becomes of the others.
 * @param policy `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:<times>`
 */
async function setRestartPolicy(docker: DockerCli, ids: readonly string[], policy: string): Promise<void> {
  const [Name, times = '0'] = policy.split(':');
  const body = { RestartPolicy: { Name, MaximumRetryCount: Number(times) } };
  const updated = await Promise.allSettled(
    ids.map((id) => docker.api.post(`/containers/${encodeURIComponent(id)}/update`, body)),
  );
  for (const one of updated) if (one.status === 'rejected' && !isMissing(one.reason)) throw one.reason;
}

/** The same, where it is another one. */
export async function setPolicy(
  docker: DockerCli,
  containers: readonly Container[],
  policy: string,
): Promise<void> {
  const ids = containers.filter((one) => policyOf(one) !== policy).map(({ id }) => id);
  await setRestartPolicy(docker, ids, policy);
}

/** Gives each the policy that it is to have while its color is live. */
export async function setLivePolicies(
  docker: DockerCli,
  containers: readonly Container[],
  trafficService: string,
): Promise<void> {
  const byPolicy = Map.groupBy(containers, (one) => livePolicy(one, trafficService));
  for (const [policy, own] of byPolicy) await setPolicy(docker, own, policy);
}

export const hasLivePolicies = (containers: readonly Container[], trafficService: string): boolean =>
  containers.every((one) => policyOf(one) === livePolicy(one, trafficService));

/** With none of its own, what takes the traffic is to be there after a reboot, too. */
const livePolicy = ({ inspected, service, restart }: Container, trafficService: string): string =>
  service === trafficService && restart === 'no' && labelOf(inspected, LABELS.restart) === ''
    ? 'unless-stopped'
    : restart;
