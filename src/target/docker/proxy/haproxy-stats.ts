import { DeployError } from '../../../errors.ts';
import type { HaproxySocket } from './haproxy-socket.ts';
import { parseStats, parseTally, type Stat, type Tally } from './haproxy-tables.ts';

/** `show stat <name> <types> <server>`: bits for backends and servers. */
const BACKEND_TYPE = '2';
const SERVER_TYPE = '4';

export const serversOf = async (socket: HaproxySocket, backend: string): Promise<readonly Stat[]> =>
  parseStats(await socket.ask('show', 'stat', backend, SERVER_TYPE, '-1'));

export async function backendOf(socket: HaproxySocket, backend: string): Promise<Stat> {
  const stats = parseStats(await socket.ask('show', 'stat', backend, BACKEND_TYPE, '-1'));
  return stats.find(({ name }) => name === 'BACKEND') ?? missing(backend);
}

/** What a backend has answered since HAProxy's start. */
export async function tallyOf(socket: HaproxySocket, backend: string): Promise<Tally> {
  return parseTally(await socket.ask('show', 'stat', backend, BACKEND_TYPE, '-1')) ?? missing(backend);
}

/** Also for a frontend of that name, which HAProxy does not tell apart. */
function missing(backend: string): never {
  throw new DeployError(`${backend} is no backend of HAProxy.`, {
    code: 'haproxy-backend-missing',
    hint: 'Set proxy.haproxy.backends to the names that haproxy.cfg has; `show backend` on the socket lists them.',
  });
}
