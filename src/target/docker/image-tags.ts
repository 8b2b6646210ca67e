import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';

interface References {
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
}

/**
 * Takes a tag of ours off its image. The last one is replaced by `instead`, as without any the image would be gone.
 */
export async function removeTag(docker: DockerCli, reference: string, instead: string): Promise<void> {
  const [image] = await docker.inspect<References>('image', [reference]);
  if (image === undefined) return;
  const references = (image.RepoTags?.length ?? 0) + (image.RepoDigests?.length ?? 0);
  if (references <= 1)
    await docker.run(['image', 'tag', reference, reference.replace(/:.*$/, `:${instead}`)]);
  try {
    await docker.run(['image', 'rm', '--no-prune', reference]);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
  }
}
