import type { Problem } from '../target.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';

interface Info {
  /** `name=seccomp,profile=builtin`, `name=rootless` */
  readonly SecurityOptions?: readonly string[] | null;
}

/** A proxy before the engine's socket may let this question not through: it is no reason to deploy nothing. */
function unlessRefused(error: unknown): Info {
  if (error instanceof DockerError) return {};
  throw error;
}

/** Why containers of this engine could not be asked for their health, whatever they run. */
export async function engineProblems(
  docker: { readonly api: Pick<DockerCli['api'], 'get'> },
  description: string,
): Promise<readonly Problem[]> {
  const { SecurityOptions } = await docker.api.get<Info>('/info').catch(unlessRefused);
  const isRootless = (SecurityOptions ?? []).some((one) => one.split(',').includes('name=rootless'));
  if (!isRootless) return [];
  return [
    {
      message: `The Docker engine of ${description} is a rootless one: its containers’ addresses are in a network of its own, where nobody outside can reach them, so that no release could be proven healthy.`,
      fix: 'Use the engine of the whole host: leave out the socket in docker.host (and DOCKER_HOST of the job, and `docker context use default`), and install Docker there if there is only a rootless one.',
      // Somebody may have made a way there.
      forceable: true,
    },
  ];
}
