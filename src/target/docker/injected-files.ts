import type { ComposeConfig, ComposeService } from './compose-config.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';
import { LABELS } from './names.ts';
import type { RawContainer } from './recreate.ts';
import { relocated } from './scrap-tar.ts';

/**
 * Secrets and configs whose text Compose itself has (`environment:`, `content:`) are no mounts: it copies them into a
 * container once that is created, and no inspect tells of them. So where they are is said in a label, and whoever makes
 * a container again, or one more like it, copies them too.
 */
export function injectedPaths(
  { secrets = {}, configs = {} }: Pick<ComposeConfig, 'secrets' | 'configs'>,
  service: Pick<ComposeService, 'secrets' | 'configs'>,
): readonly string[] {
  const hasText = (one: { readonly environment?: string; readonly content?: string } | undefined) =>
    one?.environment !== undefined || one?.content !== undefined;
  const placed = (folder: string, { source, target = source }: { source: string; target?: string }) =>
    target.startsWith('/') ? target : `${folder}${target}`;
  return [
    ...(service.secrets ?? [])
      .filter(({ source }) => hasText(secrets[source]))
      .map((one) => placed('/run/secrets/', one)),
    ...(service.configs ?? [])
      .filter(({ source }) => hasText(configs[source]))
      .map((one) => placed('/', one)),
  ];
}

export const encodePaths = (paths: readonly string[]): string => JSON.stringify(paths);

function pathsOf({ Config, Mounts = [] }: RawContainer): readonly string[] {
  try {
    const paths = JSON.parse(Config.Labels?.[LABELS.files] ?? '[]') as readonly string[];
    // What is mounted comes back by itself.
    return paths.filter((path) => !Mounts.some(({ Destination }) => Destination === path));
  } catch {
    return [];
  }
}

/** Each file as an archive to be unpacked at the root, with its owner and mode; what the application removed is left out. */
export async function readInjected(docker: DockerCli, raw: RawContainer): Promise<readonly Buffer[]> {
  const archives: Buffer[] = [];
  for (const path of pathsOf(raw))
    try {
      const archive = relocated(await docker.api.getArchive(raw.Id, path), path);
      if (archive !== undefined) archives.push(archive);
    } catch (error) {
      if (
        !(
          error instanceof DockerError &&
          /could not find the file|no such container:path/i.test(error.message)
        )
      )
        throw error;
    }
  return archives;
}

/** May be done again: the files are replaced. */
export async function writeInjected(
  docker: DockerCli,
  id: string,
  archives: readonly Buffer[],
): Promise<void> {
  for (const archive of archives) await docker.api.putArchive(id, '/', archive);
}
