import type { DockerCli } from './docker-cli.ts';
import { isMissing } from './docker-error.ts';

/**
 * Sets what Docker does when a container ends, or the host starts, as `docker update --restart` does. Containers that are
 * gone are left out, and those that are there get it whatever becomes of the others.
 * @param policy `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:<times>`
 */
export async function setRestartPolicy(
  docker: DockerCli,
  ids: readonly string[],
  policy: string,
): Promise<void> {
  const [Name, times = '0'] = policy.split(':');
  const body = { RestartPolicy: { Name, MaximumRetryCount: Number(times) } };
  const updated = await Promise.allSettled(
    ids.map((id) => docker.api.post(`/containers/${encodeURIComponent(id)}/update`, body)),
  );
  for (const one of updated) if (one.status === 'rejected' && !isMissing(one.reason)) throw one.reason;
}
