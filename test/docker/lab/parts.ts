import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { requirement } from '../../requirements.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Where install.sh puts what is no package of this machine, and images.ts what it made once. */
export const LAB_FOLDER = join(ROOT, '.tmp/docker');

export interface DockerParts {
  /** A file system with HAProxy, Caddy, the registry and BusyBox of Debian 13, and their libraries. */
  readonly root: string;
  /** The folder with Compose's plugin. */
  readonly plugins: string;
  readonly registry: string;
  readonly sshd: string;
  /** With the folders of the system's daemons, which an ordinary PATH may lack. */
  readonly path: string;
}

const PATH = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin', '/usr/bin', '/bin'].join(delimiter);

/** Everything for a Docker engine of our own with a registry, proxies and sshd, and the right to run it. */
export const docker = requirement('docker', (): DockerParts | undefined => {
  const root = join(LAB_FOLDER, 'root');
  const parts = {
    root,
    plugins: join(root, 'usr/libexec/docker/cli-plugins'),
    registry: join(root, 'usr/bin/docker-registry'),
    sshd: find('sshd') ?? '',
    path: PATH,
  };
  const commands = [
    ...['docker', 'dockerd', 'docker-init', 'containerd', 'runc', 'docker-proxy'],
    ...['setpriv', 'unshare', 'ip', 'iptables', 'tar', 'ssh', 'ssh-keygen'],
  ];
  const files = [join(parts.plugins, 'docker-compose'), join(root, 'stamp'), parts.registry];
  const complete =
    process.getuid?.() === 0 &&
    parts.sshd !== '' &&
    commands.every(find) &&
    files.every((file) => existsSync(file));
  return complete ? parts : undefined;
});

function find(command: string): string | undefined {
  return PATH.split(delimiter)
    .map((folder) => join(folder, command))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
