import * as z from 'zod/mini';

/** Where a Docker engine is, and how it is known to be the right one. */

const NAME = '(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]{2,45}\\])';
const PORT = '(?::(?<port>\\d{1,5}))?';
const TCP = new RegExp(`^tcp://${NAME}${PORT}$`);
/** Neither user nor host may begin with `-`: ssh would take it for an option. */
const SSH = new RegExp(`^ssh://(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?(?<name>${NAME})${PORT}(?:/[\\w.,@+/-]*)?$`);

const isPort = (port: string | undefined) =>
  port === undefined || (Number(port) >= 1 && Number(port) <= 65535);

/** `tcp://address:port`, as the Docker host sees it. */
export const isTcpAddress = (value: string): boolean => {
  const port = TCP.exec(value)?.groups?.['port'];
  return port !== undefined && isPort(port);
};

/** An `ssh://` address in the form that we take. */
export const isSshHost = (value: string): boolean => sshError(value) === undefined;

export const host = z.string({ error: 'write an address, as in `ssh://deploy@app-1.example.com`' }).check(
  z.check(({ value, issues }) => {
    const complain = (message: string) => issues.push({ code: 'custom', input: value, message });
    if (/^[a-z]+:\/\/[^@]*:[^@]*@/.test(value))
      // Not shown: it is a secret.
      issues.push({
        code: 'custom',
        input: value,
        params: {
          says: 'has a password in it: take it out; a key logs in (`identity-file`, or the input `ssh-key`)',
        },
      });
    else if (value.startsWith('unix://')) {
      if (!/^unix:\/\/\/[^\s\p{Cc}]{1,100}$/u.test(value))
        complain('write the socket’s absolute path, as in `unix:///var/run/docker.sock`');
    } else if (value.startsWith('tcp://')) {
      if (!isTcpAddress(value)) complain('write address and port only, as in `tcp://127.0.0.1:2375`');
    } else if (value.startsWith('ssh://')) {
      const message = sshError(value);
      if (message !== undefined) complain(message);
    } else
      complain(
        'write `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375` or `ssh://deploy@app-1.example.com`',
      );
  }),
);

function sshError(value: string): string | undefined {
  const match = SSH.exec(value);
  if (match === null)
    return /^ssh:\/\/[^/]+\//.test(value)
      ? 'write the path of the engine’s socket in letters, digits and `.,@+_-`, as in `ssh://deploy@app-1.example.com/run/user/1000/docker.sock`'
      : 'write user, host and port only, as in `ssh://deploy@app-1.example.com:22`';
  return isPort(match.groups?.['port']) ? undefined : 'its port must be from 1 to 65535';
}

/** How to get what proves an `ssh://` host. */
export function knownHostsHint(value: string): string {
  const { name = 'app-1.example.com', port } = SSH.exec(value)?.groups ?? {};
  const command = `ssh-keyscan -H ${port === undefined || port === '22' ? '' : `-p ${port} `}${name.replace(/^\[|\]$/g, '')}`;
  return `write what \`${command}\` shows (run it on a network that you trust), the path of a file with that, or the key’s fingerprint (\`SHA256:…\`)`;
}

const KNOWN_HOSTS_FIX =
  'write lines of a known_hosts file (`ssh-keyscan -H app-1.example.com` shows them), the path of such a file, or the key’s fingerprint (`SHA256:…`)';

/** A private key in the wrong place is said, and never shown. */
const noPrivateKey = (value: string, where: string) =>
  /PRIVATE KEY|PuTTY-User-Key/.test(value)
    ? {
        says: `has a private key in it, ${where}: take it out of the repository, make a new one, and give that in the input \`ssh-key\`, from a secret`,
      }
    : undefined;

export const knownHosts = z.string({ error: KNOWN_HOSTS_FIX }).check(
  z.check(({ value, issues }) => {
    const params = noPrivateKey(value, 'where the host’s public key belongs');
    if (params !== undefined) issues.push({ code: 'custom', input: value, params });
    else if (!isKnownHosts(value)) issues.push({ code: 'custom', input: value, message: KNOWN_HOSTS_FIX });
  }),
);

/** A fingerprint, lines as `ssh-keyscan` writes them, or else a path, which is on one line. */
function isKnownHosts(value: string): boolean {
  const text = value.trim();
  if (/^(?:SHA256|MD5):/.test(text)) return /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  // A public key alone does not say whose it is.
  if (/^(?:ssh|ecdsa|sk)-\S+\s+AAAA/.test(text)) return false;
  if (lines.some((line) => KEY_LINE.test(line))) return lines.every((line) => KEY_LINE.test(line));
  return /^[^-\p{Cc}][^\p{Cc}]{0,999}$/u.test(text);
}

/** Marker, names, kind of key, key, comment. */
const KEY_LINE =
  /^\s*(?:@[a-z-]+\s+)?[^\s@#]\S*\s+(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+\s+[A-Za-z0-9+/]+=*(?:\s.*)?$/;

export const identityFile = z.string({ error: 'write the path of a private key' }).check(
  z.check(({ value, issues }) => {
    const params = noPrivateKey(value, 'and not its path');
    if (params !== undefined) issues.push({ code: 'custom', input: value, params });
    else if (!/^[^-\p{Cc}][^\p{Cc}]{0,999}$/u.test(value))
      issues.push({
        code: 'custom',
        input: value,
        message: 'write the path of a private key, as in `~/.ssh/id_ed25519`',
      });
  }),
);
