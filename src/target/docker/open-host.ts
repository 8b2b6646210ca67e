import type { DockerSettings } from '../../config/environment.ts';
import type { OpenContext } from '../open.ts';
import type { DockerHost } from './host.ts';
import { LocalHost } from './local-host.ts';
import { openSshHost } from './ssh/ssh-host.ts';

/** The way to the host that the config, or the job's DOCKER_HOST, names. */
export async function openHost(
  settings: Pick<DockerSettings, 'host' | 'known-hosts' | 'identity-file'>,
  { sshKey, workspace, progress, signal }: OpenContext,
): Promise<DockerHost> {
  const url = settings.host ?? process.env['DOCKER_HOST'] ?? '';
  if (!url.startsWith('ssh://')) return new LocalHost(settings.host);
  return openSshHost({
    url,
    knownHosts: settings['known-hosts'] ?? '',
    identityFile: settings['identity-file'],
    key: sshKey,
    workspace,
    progress,
    signal,
  });
}
