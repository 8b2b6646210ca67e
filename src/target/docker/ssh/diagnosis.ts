import { DeployError } from '../../../errors.ts';
import type { SshAddress } from './address.ts';

/**
 * sshd answers a refused way to a socket always with the same words, whether it is forbidden, not there, or not for
 * this user (serverloop.c: server_input_channel_open). So the host's own tools are asked, on the same connection.
 */
export const socketQuestion = (path: string): string => question(aboutSocket(path));

export const engineQuestion = (path: string): string =>
  question([
    ...aboutSocket(path),
    `docker -H unix://${path} version >/dev/null 2>&1 && echo blue-green answers`,
  ]);

const aboutSocket = (path: string): readonly string[] => [
  'echo blue-green asked',
  'echo blue-green user $(id -un) $(id -u)',
  `test -e ${path} && echo blue-green exists`,
  `test -w ${path} && echo blue-green writable`,
  'test -S /run/user/$(id -u)/docker.sock && echo blue-green rootless',
];

/** One line, for whatever shell the user has there; paths have been checked for plain characters. */
const question = (commands: readonly string[]): string => `sh -c '${commands.join('; ')}'`;

export interface SocketAnswer {
  /** False where the host runs no command for us: nothing is known. */
  readonly asked: boolean;
  readonly user: string;
  readonly uid: string;
  readonly exists: boolean;
  readonly writable: boolean;
  /** There is the socket of a rootless engine. */
  readonly rootless: boolean;
  /** Docker's CLI on the host gets an answer. */
  readonly answers: boolean;
}

export function readAnswer(text: string): SocketAnswer {
  const told = text.split(/\r?\n/).flatMap((line) => /^blue-green (.*)$/.exec(line)?.[1] ?? []);
  const [, user = '', uid = ''] = told.find((line) => line.startsWith('user '))?.split(' ') ?? [];
  const has = (word: string) => told.includes(word);
  return {
    asked: has('asked'),
    user,
    uid,
    exists: has('exists'),
    writable: has('writable'),
    rootless: has('rootless'),
    answers: has('answers'),
  };
}

/** Without AllowTcpForwarding, sshd forbids sockets as well (channels.c: channel_connect_to_path), which no manual says. */
const ALLOW =
  'AllowStreamLocalForwarding yes, AllowTcpForwarding yes, no PermitOpen and no DisableForwarding';

/** Why the engine's socket can't be used through the tunnel. */
export function engineFailure(
  address: SshAddress,
  answer: SocketAnswer,
  keyOptions: string | undefined,
): DeployError {
  const { description, socket } = address;
  const { asked, user, exists, writable, rootless, answers } = answer;
  // authorized_keys can forbid it as well: `restrict`, `no-port-forwarding`.
  const keyForbids = keyOptions !== undefined && !/\bport-forwarding\b/.test(keyOptions);
  const details = keyForbids ? [keyOptions] : [];
  if (asked && !exists)
    return new DeployError(`There is no Docker engine’s socket ${socket} on ${description}.`, {
      code: 'docker-unreachable',
      hint: rootless
        ? 'There is a rootless engine only, whose containers can’t be reached at their addresses from outside: install Docker for the whole host (docker.com/engine/install), and start it there.'
        : 'Start Docker there (sudo systemctl start docker), or name its socket in docker.host: ssh://user@host/path/of/docker.sock',
    });
  if (asked && !writable)
    return new DeployError(`${user} may not use the Docker engine on ${description} (${socket}).`, {
      code: 'docker-forbidden',
      hint: `On the host: sudo usermod -aG docker ${user}`,
    });
  if (keyForbids || (asked && answers))
    return new DeployError(`${description} allows no forwarding to the Docker engine’s socket.`, {
      code: 'ssh-forwarding-forbidden',
      hint: keyForbids
        ? 'In authorized_keys on the host, add port-forwarding to the options of this key.'
        : `In the host’s sshd_config: ${ALLOW}, then reload sshd.`,
      details,
    });
  return new DeployError(`The Docker engine on ${description} does not answer on ${socket}.`, {
    code: 'docker-unreachable',
    hint: asked
      ? `On the host: see that Docker runs (sudo systemctl start docker), and that sshd_config has ${ALLOW}.`
      : `On the host: see that Docker runs, that ${address.user ?? 'the user'} is in the group docker, and that sshd_config has ${ALLOW}. (It runs no command for us, which could tell more.)`,
    details,
  });
}

/** A way to a TCP address is forbidden, and not only that nobody listens there. */
export const isForbidden = (reason: string): boolean => /administratively prohibited/i.test(reason);

export const tcpForbidden = (address: SshAddress, far: string): DeployError =>
  new DeployError(`${address.description} allows no forwarding to ${far}.`, {
    code: 'ssh-forwarding-forbidden',
    hint: 'In the host’s sshd_config: AllowTcpForwarding yes (or local; mind PermitOpen, too), then reload sshd; in authorized_keys, the key’s options must allow port-forwarding.',
  });

export const socketForbidden = (address: SshAddress, path: string, { user }: SocketAnswer): DeployError =>
  new DeployError(`${user} may not use ${path} on ${address.description}.`, {
    code: 'socket-forbidden',
    hint: `Let ${user} write to that socket: by its group and mode, or by another user in docker.host.`,
  });
