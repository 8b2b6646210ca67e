import type { DockerCli } from '../docker-cli.ts';
import { DockerError } from '../docker-error.ts';

interface Top {
  readonly Titles: readonly string[];
  readonly Processes: readonly (readonly string[])[] | null;
}

/**
 * HAProxy's processes in its container. After a reload the worker from before goes on with the connections that it has,
 * until each had one more answer (`option idle-close-on-response`) or `hard-stop-after` is over. It goes by the maps as
 * they were, and can't be told of a switch: a request on such a connection still goes to the color that was live then.
 */
export class HaproxyWorkers {
  readonly #docker: DockerCli;
  readonly #container: string;

  constructor(docker: DockerCli, container: string) {
    this.#docker = docker;
    this.#container = container;
  }

  /** How many workers from before a reload still serve somebody; 0 where the host has no `ps` to tell. */
  async former(): Promise<number> {
    const columns = encodeURIComponent('-eo pid,ppid,args');
    try {
      const path = `/containers/${encodeURIComponent(this.#container)}/top?ps_args=${columns}`;
      const { Processes } = await this.#docker.api.get<Top>(path);
      return Math.max(0, workersIn(Processes ?? []).length - 1);
    } catch (error) {
      if (error instanceof DockerError) return 0;
      throw error;
    }
  }
}

/** The master has children, a worker has none. */
export function workersIn(processes: readonly (readonly string[])[]): readonly string[] {
  const parents = new Set(processes.map(([, parent]) => parent));
  return processes
    .filter(([pid, , ...args]) => !parents.has(pid) && /(?:^|\/)haproxy\b/.test(args.join(' ')))
    .map(([pid = '']) => pid);
}
