import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerSettings } from '../../config/environment.ts';
import { DeployError, toDeployError } from '../../errors.ts';
import type { Problem } from '../target.ts';
import type { DockerCli } from './docker-cli.ts';
import type { DockerHost } from './host.ts';
import { logTail } from './log-tail.ts';
import type { Proxy as TrafficProxy } from './proxy/proxy.ts';
import { refuseCustom } from './setup-custom.ts';
import { makeNetwork } from './setup-network.ts';
import { isProxyMissing, makeProxy } from './setup-proxy.ts';

export interface SetupOptions {
  readonly docker: DockerCli;
  readonly host: DockerHost;
  readonly app: string;
  readonly environment: string;
  readonly settings: DockerSettings;
  /** The proxy as deployments see it, which has the last word. */
  readonly proxy: Pick<TrafficProxy, 'preflight'>;
  /** What containers are asked for; the proxy asks the same. Absent: a connection is enough. */
  readonly healthPath: string | undefined;
  /** Where users come in, where the config says it. */
  readonly url: string | undefined;
  readonly progress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** How long a proxy that was just started may take until it answers. */
const START_MS = 20_000;
const LOOK_MS = 200;

/**
 * Makes the network and the proxy of the examples where they are missing; what is there is left alone. Ends well only
 * when a deployment would take what is there.
 */
export async function setupDocker(options: SetupOptions): Promise<readonly string[]> {
  const { proxy, network } = options.settings;
  const made: string[] = [];
  const isMissing = proxy.kind !== 'alias' && (await isProxyMissing(options.docker, proxy.container));
  if (isMissing) refuseCustom(options, proxy);
  if (await makeNetwork(options.docker, network)) made.push(`network ${network}`);
  if (proxy.kind === 'alias') {
    refuse(await options.proxy.preflight(), []);
    return made;
  }
  if (isMissing) {
    await makeProxy(options, proxy);
    made.push(`proxy ${proxy.container}`);
  }
  await confirm(options, proxy.container, isMissing ? START_MS : 0);
  return made;
}

/** What has just been started may need a moment. */
async function confirm(
  { docker, proxy, signal }: SetupOptions,
  container: string,
  longestMs: number,
): Promise<void> {
  const deadline = Date.now() + longestMs;
  for (;;) {
    const problems = await proxy.preflight().catch((error: unknown) => toDeployError(error));
    if (!(problems instanceof DeployError) && problems.length === 0) return;
    if (Date.now() >= deadline) {
      const { lines, remark } = await logTail(docker, container);
      const details = [...lines.slice(-10), ...(remark === undefined ? [] : [remark])].map(
        (line) => `${container}: ${line}`,
      );
      if (problems instanceof DeployError) throw explained(problems, details);
      refuse(problems, details);
      return;
    }
    await sleep(LOOK_MS, undefined, { signal });
  }
}

function refuse(problems: readonly Problem[], details: readonly string[]): void {
  const [first, ...others] = problems.filter(({ forceable }) => !forceable);
  if (first === undefined) return;
  throw new DeployError(first.message, {
    code: 'setup-not-fit',
    hint: first.fix,
    details: [...others.map(({ message, fix }) => `${message} ${fix}`), ...details],
  });
}

const explained = (error: DeployError, details: readonly string[]): DeployError =>
  new DeployError(error.message, {
    code: error.code,
    hint:
      error.code === 'haproxy-denied'
        ? 'HAProxy gives its socket to the group ADMIN_GID: set it in the `env:` of the job to the number that `getent group docker` tells on the host, remove the proxy’s container and run setup again.'
        : error.hint,
    details: [...error.details, ...details],
    cause: error,
  });
