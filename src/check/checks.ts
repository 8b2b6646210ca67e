import type { Environment } from '../config/environment.ts';
import { type Clock, systemClock } from '../release/clock.ts';
import type { Checks } from './check.ts';
import type { Env } from './command-env.ts';
import { identifyOnce, type Resolve, systemResolve } from './identity.ts';
import { startOwnTraffic } from './own-traffic.ts';
import { probeOnce } from './probe.ts';
import { recognizeOnce } from './recognition.ts';
import { runSmokeTests } from './smoke.ts';

export interface CheckOptions {
  readonly environment: Pick<Environment, 'name' | 'url' | 'smoke' | 'identity'> & {
    readonly stabilize: Pick<Environment['stabilize'], 'probe'>;
  };
  /** Of this action, for the user agent. */
  readonly version: string;
  /** Where commands run: the checked-out repository. */
  readonly workspace: string;
  /** The job's environment; commands get it without this action's secrets. */
  readonly env: Env;
  /** How long the platform may need to open the preview on all of its nodes, in ms; 0 when it is there at once. */
  readonly propagation: number;
  readonly log: CheckLog;
  readonly clock?: Clock;
  readonly resolve?: Resolve;
  /** Between SIGTERM and SIGKILL for a command, in ms. */
  readonly grace?: number;
}

export interface CheckLog {
  /** Why there is another attempt: one line of our own, whenever that changes. */
  progress(text: string): void;
  /**
   * One line that a command wrote, as it wrote it. Whoever prints it must see to it that the runner finds no workflow
   * command in it (`::set-output`, `##[...]`).
   */
  output(line: string): void;
}

/** The checks that an environment asks for, over HTTP and by command. */
export function createChecks(options: CheckOptions): Checks {
  const { environment, version, log, clock = systemClock, resolve = systemResolve } = options;
  const { name, url, smoke, identity, stabilize } = environment;
  const userAgent = `blue-green-deploy/${version}`;
  const progress = (text: string) => log.progress(text);
  return {
    smokeTests: smoke.length,
    async smoke(subject, preview, signal, seen) {
      const { workspace, env, propagation, grace } = options;
      const failed = await runSmokeTests(
        smoke,
        {
          ...{ clock, signal, progress, output: (line: string) => log.output(line) },
          ...{ subject, preview, identity, propagation, environment: name, workspace, env, userAgent, grace },
        },
        seen,
      );
      return failed === undefined ? { ok: true } : { ok: false, failed };
    },
    async probe(subject, signal) {
      if (stabilize.probe === undefined || url === undefined) return undefined;
      return probeOnce(stabilize.probe, url, subject, { clock, signal, progress, userAgent });
    },
    ownTraffic(subject, signal) {
      const { probe } = stabilize;
      if (probe === undefined || url === undefined) return undefined;
      return startOwnTraffic({ probe, url, subject, clock, signal, userAgent });
    },
    canIdentify: identity !== undefined && url !== undefined,
    async recognize(subject, preview, signal) {
      if (identity === undefined) throw new TypeError('recognize() needs `identity`: ask canIdentify first');
      const { propagation } = options;
      return recognizeOnce(identity, preview, subject, { clock, signal, progress, userAgent, propagation });
    },
    async identify(subject, expectation, signal) {
      if (identity === undefined || url === undefined)
        throw new TypeError('identify() needs `identity` and `url`: ask canIdentify first');
      return identifyOnce(identity, url, subject, expectation, { clock, signal, resolve, userAgent });
    },
  };
}
