import { readFile } from 'node:fs/promises';
import type { Container } from './containers.ts';
import type { DockerCli } from './docker-cli.ts';

/** All that asking may cost, in ms. */
const TIMEOUT_MS = 5_000;
/** The kernel's name for a socket that takes connections. */
const LISTEN = '0A';
/** Docker's own name server in each container. */
const DOCKER_DNS = '127.0.0.11:';

/**
 * Where processes in a container listen, `127.0.0.1:8080`, as the kernel says: read from this machine where it is the
 * Docker host, else by `cat` where the image has it. Empty where neither tells. Never throws.
 */
export async function listeningAddresses(
  docker: DockerCli,
  container: Container,
): Promise<readonly string[]> {
  try {
    return parseListening((await fromHere(container)) ?? (await fromInside(docker, container)));
  } catch {
    return [];
  }
}

async function fromHere({ id, inspected }: Container): Promise<string | undefined> {
  const { Pid = 0 } = inspected.State;
  try {
    // The number means something only on the Docker host, and only while the container lives.
    const isIt = Pid > 0 && (await readFile(`/proc/${Pid}/cgroup`, 'utf8')).includes(id);
    if (!isIt) return undefined;
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((table) => readFile(`/proc/${Pid}/net/${table}`, 'utf8').catch(() => '')),
    );
    return tables.join('\n');
  } catch {
    return undefined;
  }
}

/** What `cat` could not find it says on stderr, and gives the rest. */
const fromInside = (docker: DockerCli, { id }: Container): Promise<string> =>
  docker.run(['container', 'exec', id, 'cat', '/proc/net/tcp', '/proc/net/tcp6'], { timeout: TIMEOUT_MS });

/** The addresses in lines of /proc/net/tcp and /proc/net/tcp6. */
export function parseListening(table: string): readonly string[] {
  const found = table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state === LISTEN && address.length >= 8
      ? [`${readable(address)}:${Number.parseInt(port, 16)}`]
      : [];
  });
  return [...new Set(found)].filter((address) => !address.startsWith(DOCKER_DNS)).sort();
}

/** The kernel writes addresses as 32-bit words in the machine's order: little-endian wherever Docker runs by the most. */
function readable(hex: string): string {
  const bytes = hex.match(/.{8}/g)!.flatMap((word) => word.match(/../g)!.reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const text = bytes.join('').toLowerCase();
  if (/^0+$/.test(text)) return '[::]';
  if (/^0+1$/.test(text)) return '[::1]';
  if (/^0{20}ffff/.test(text))
    return bytes
      .slice(12)
      .map((byte) => Number.parseInt(byte, 16))
      .join('.');
  return `[${text.match(/.{4}/g)!.join(':')}]`;
}
