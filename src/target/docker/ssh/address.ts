import { DeployError } from '../../../errors.ts';
import type { HostAddress } from '../host.ts';

/** An `ssh://[user@]host[:port][/path of the engine's socket]` of the config. */
export interface SshAddress {
  /** Absent: what the ssh config says, else the name of the user who runs this. */
  readonly user: string | undefined;
  /** A name, an address, or an alias in the ssh config. */
  readonly host: string;
  /** Absent: what the ssh config says, else 22. */
  readonly port: string | undefined;
  /** The engine's socket on the host. */
  readonly socket: string;
  /** For people. */
  readonly description: string;
}

const ENGINE_SOCKET = '/var/run/docker.sock';
const EXAMPLE = 'ssh://deploy@app-1.example.com';

/**
 * A path that means the same to `ssh -L`, which cuts at colons, and to the login shell on the host, through which the
 * questions of diagnosis.ts go.
 */
const PLAIN_PATH = /^\/[\w.,@+/-]+$/;
/** Names and addresses only; nothing that ssh could take for an option. */
const NAME = /^[\w.:][\w.:%-]*$/;

/** @throws DeployError `config-invalid` */
export function parseSshUrl(url: string): SshAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || parsed.protocol !== 'ssh:' || parsed.hostname === '')
    throw invalid(`docker.host ${JSON.stringify(url)} is no address like ${EXAMPLE}.`);
  const user = decodeURIComponent(parsed.username);
  const host = decodeURIComponent(parsed.hostname).replace(/^\[(.*)\]$/, '$1');
  const path = decodeURIComponent(parsed.pathname);
  if (parsed.password !== '')
    throw invalid(
      `docker.host has a password in it, which no SSH client takes.`,
      'Use a key: input `ssh-key`.',
    );
  if (
    !NAME.test(host) ||
    (user !== '' && !/^\w[\w.@+\\-]*$/.test(user)) ||
    parsed.search + parsed.hash !== ''
  )
    throw invalid(
      `docker.host ${JSON.stringify(url)} has more in it than a user, a host, a port and a path.`,
    );
  const socket = path === '' || path === '/' ? ENGINE_SOCKET : path;
  if (!PLAIN_PATH.test(socket))
    throw invalid(
      `The socket's path ${JSON.stringify(socket)} in docker.host has characters that can’t be used.`,
    );
  const at = `${user === '' ? '' : `${user}@`}${host.includes(':') ? `[${host}]` : host}`;
  return {
    user: user === '' ? undefined : user,
    host,
    port: parsed.port === '' ? undefined : parsed.port,
    socket,
    description: `ssh://${at}${parsed.port === '' ? '' : `:${parsed.port}`}${socket === ENGINE_SOCKET ? '' : socket}`,
  };
}

/** `user@host`, as ssh itself names it. */
export const login = ({ user, host }: SshAddress): string => (user === undefined ? host : `${user}@${host}`);

/** The far end of a forwarding as `ssh -L` takes it. */
export function farEnd(address: HostAddress): string {
  if ('path' in address) {
    if (!PLAIN_PATH.test(address.path))
      throw invalid(
        `The socket's path ${JSON.stringify(address.path)} has characters that can’t be used over SSH.`,
      );
    return address.path;
  }
  const { host, port } = address;
  if (!NAME.test(host) || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw invalid(`${host}:${port} is no address that SSH can reach.`);
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const invalid = (
  message: string,
  hint = `Write it as ${EXAMPLE}, or ${EXAMPLE}:2222/run/user/1000/docker.sock.`,
) => new DeployError(message, { code: 'config-invalid', hint });
