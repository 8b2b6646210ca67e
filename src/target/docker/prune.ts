import { COLORS } from '../../release/color.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';
import { heldLocks } from './lock.ts';
import { projectName } from './names.ts';

export interface PruneOptions {
  readonly docker: DockerCli;
  readonly app: string;
  readonly environment: string;
  /** `docker.image`: the app's repository. */
  readonly image: string;
}

/**
 * Removes the images of the app's repository that no container on the host uses, be it one that is parked for a
 * rollback, or of another environment. To be called once nothing is unfinished.
 *
 * A run of another environment, or another app, may have pulled one of them and not started it yet: while there is one,
 * nothing more is removed. It is looked for before each image, as between its lock and its first container there is far
 * more than between that look and the removal. What stays is removed by the next run that is accepted.
 * @param keep ids of images that stay whatever uses them
 */
export async function pruneImages(
  { docker, app, environment, image }: PruneOptions,
  keep: ReadonlySet<string> = new Set(),
): Promise<Pruned> {
  const used = await usedImages(docker);
  const repositories = [image, ...COLORS.map((color) => projectName(app, environment, color))];
  const listed = await docker.run([
    ...['image', 'ls', '--no-trunc', '--quiet'],
    ...repositories.flatMap((repository) => ['--filter', `reference=${repository}`]),
  ]);
  const ids = [...new Set(listed.split('\n').filter((line) => line !== ''))];
  const images = await docker.inspect<Image>(
    'image',
    ids.filter((id) => !used.has(id) && !keep.has(id)),
  );
  const removed: string[] = [];
  for (const { RepoTags, RepoDigests } of images) {
    const all = [...(RepoTags ?? []), ...(RepoDigests ?? [])].filter((one) => !one.includes('<none>'));
    const ours = all.filter((one) => repositories.includes(repositoryOf(one)));
    // Also in another repository: somebody else's, who decides when it goes.
    if (ours.length === 0 || ours.length < all.length) continue;
    const other = (await heldLocks(docker)).find((one) => one.app !== app || one.environment !== environment);
    if (other !== undefined) return { removed, waitsFor: `${other.app} ${other.environment}` };
    for (const reference of ours)
      try {
        await docker.run(['image', 'rm', reference]);
        if (RepoTags?.includes(reference)) removed.push(reference);
      } catch (error) {
        // With its last tag Docker has removed its digests as well; or a container came to use it meanwhile.
        if (!(error instanceof DockerError)) throw error;
      }
  }
  return { removed };
}

/** For the log. */
export interface Pruned {
  readonly removed: readonly string[];
  /** The app and the environment of another run, on whose account images may have stayed. */
  readonly waitsFor?: string;
}

interface Image {
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
}

/** By id: a container that was started by a tag says so even after the tag has moved. */
async function usedImages(docker: DockerCli): Promise<ReadonlySet<string>> {
  const ids = (await docker.run(['container', 'ls', '--all', '--quiet', '--no-trunc']))
    .split('\n')
    .filter((line) => line !== '');
  const containers = await docker.inspect<{ readonly Image: string }>('container', ids);
  return new Set(containers.map(({ Image }) => Image));
}

/** `host:5000/shop:v1` and `host:5000/shop@sha256:…` without what follows the name. */
const repositoryOf = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
