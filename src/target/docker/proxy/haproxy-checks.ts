import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerCli } from '../docker-cli.ts';
import type { HaproxySocket } from './haproxy-socket.ts';
import type { Stat } from './haproxy-tables.ts';
import type { Instance } from './proxy.ts';

/** More than the seconds of `lastchg` and of the containers' clocks can be wrong by. */
const CLOCK_SLACK_MS = 2_000;

const WAITING = 'waiting for a check of this very container';
/** How long that check is waited for right away. */
const NEXT_CHECK_MS = 150;

export interface Question {
  readonly backend: string;
  readonly servers: readonly Stat[];
  readonly instances: readonly (Instance & { readonly endpoint: string })[];
  /** Whether users' requests go to this backend. */
  readonly isLive: () => Promise<boolean>;
  readonly look: () => Promise<readonly Stat[]>;
}

/**
 * Whether HAProxy's own checks have proven an instance. `UP` and `L7OK` alone are no proof that they are about *this*
 * container. Seen with HAProxy 2.6.12 and 3.0.11, `server-template` and Docker's name server:
 * - Docker gives a freed address to the next container at once. A server that keeps its address stays `UP`, `L7OK` from
 *   the container before, until its next check fails; with a new container on the address that may never happen.
 * - A name that is gone leaves servers their last address: they go `DOWN`, or stay as they are when someone answers.
 * - A name server that answers with other addresses gives them to the servers without taking their state from them.
 * - A server that gets an address after `MAINT (resolution)` is `UP 1/3` before any check; with `fall 1` it is `UP`.
 * - There is no count of passed checks, and `lastchg` is in whole seconds.
 * - `set server <backend>/<name> health down` takes the state away at once, and nothing but a passed check brings `UP`
 *   back. It is no administrative state (`drain`, `maint`): a run that dies here leaves nothing behind. Unlike that,
 *   `maint` then `ready` is `UP 1/3` again without a check.
 *
 * So an instance counts when the server that has its address is exactly `UP` and `L7OK`, and was seen otherwise since
 * the container started; or went up since, by `lastchg`. Where neither is known, the server loses its state and has to
 * earn it anew: one more check's time, on a color without users.
 */
export class HaproxyChecks {
  readonly #docker: DockerCli;
  readonly #socket: HaproxySocket;
  /** The instances whose server was seen not to be up, or known to have gone up since they began, by the server's name. */
  readonly #earned = new Map<string, string>();

  constructor(docker: DockerCli, socket: HaproxySocket) {
    this.#docker = docker;
    this.#socket = socket;
  }

  async ready(question: Question): Promise<{ readonly ready: number; readonly detail: string }> {
    const reasons = await Promise.all(
      question.instances.map(async (instance) => {
        const reason = await this.#missing(question, instance);
        return reason === undefined ? [] : [`${instance.name}: ${reason}`];
      }),
    );
    const missing = reasons.flat();
    return { ready: question.instances.length - missing.length, detail: missing.join('; ') };
  }

  /** What is missing until HAProxy has proven the instance; nothing when it has. */
  async #missing(question: Question, instance: Question['instances'][number]): Promise<string | undefined> {
    const { backend, servers } = question;
    const server = servers.find(({ address }) => address === instance.endpoint);
    if (server === undefined)
      return servers.every(({ status, address }) => address !== '' && !isResolving(status))
        ? `${backend} has only ${servers.length} servers, all with other addresses`
        : `HAProxy has not found ${instance.endpoint} yet`;
    const key = `${backend}/${server.name}`;
    const who = `${instance.id} ${instance.startedAt} ${instance.endpoint}`;
    if (!isUp(server)) {
      this.#earned.set(key, who);
      return describe(server);
    }
    if (this.#earned.get(key) === who) return undefined;
    if (await this.#wentUpSince(instance, server)) {
      // Once and for all: `lastchg` is in whole seconds, so the next look could come to another end.
      this.#earned.set(key, who);
      return undefined;
    }
    // Users' requests would find no server. Their color was proven before they were sent to it.
    if (await question.isLive()) return undefined;
    await this.#socket.ask('set', 'server', key, 'health', 'down');
    const look = async () => (await question.look()).find(({ name }) => name === server.name);
    const now = await look();
    if (now?.address !== instance.endpoint || isUp(now)) return WAITING;
    this.#earned.set(key, who);
    // The check that follows takes no time worth another look: `downinter` is 50 ms in our examples.
    const deadline = Date.now() + NEXT_CHECK_MS;
    while (Date.now() < deadline) {
      await sleep(NEXT_CHECK_MS / 10);
      const checked = await look();
      if (checked?.address !== instance.endpoint) return WAITING;
      if (isUp(checked)) return undefined;
    }
    return WAITING;
  }

  /** By the host's own clock, which `startedAt` is from; the runner's may be wrong by minutes. */
  async #wentUpSince({ startedAt }: Instance, { lastChange }: Stat): Promise<boolean> {
    const needed = lastChange * 1_000 + CLOCK_SLACK_MS;
    // For a container that has just started the answer is known, and not worth the time to ask.
    if (Math.abs(Date.now() - startedAt) < needed) return false;
    const now = Date.parse((await this.#docker.run(['info', '--format', '{{.SystemTime}}'])).trim());
    return now - startedAt > needed;
  }
}

const isUp = ({ status, check }: Stat) => status === 'UP' && check === 'L7OK';

const isResolving = (status: string) => status.startsWith('MAINT (resolution)');

function describe({ name, status, check }: Stat): string {
  if (/^(?:MAINT|DRAIN|NOLB)/.test(status) && !isResolving(status))
    return `somebody set HAProxy’s server ${name} to ${status}`;
  return `HAProxy says ${[status, check].filter((part) => part !== '').join(', ')}`;
}
