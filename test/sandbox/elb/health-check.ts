/** Health checks of one target: real requests, AWS's thresholds and reasons. */
import { get } from 'node:http';
import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock, TargetAddress, TargetHealth } from '../contract.ts';
import type { Timers } from './timers.ts';

export interface HealthCheckRoom {
  readonly clock: Clock;
  readonly timers: Timers;
  /**
   * The least real time that a check waits for its answer. Scaled time shrinks AWS's 5 s to less than what a busy
   * machine needs to answer, and a target that is merely slow to be scheduled must not look broken.
   */
  readonly leastTimeoutMs: number;
}

/** How long a new target waits for its first check, in AWS seconds. */
const firstCheckAfter = 1;

export const initialHealth: TargetHealth = {
  State: 'initial',
  Reason: 'Elb.InitialHealthChecking',
  Description: 'Initial health checks in progress',
};

type Verdict = { passed: true } | { passed: false; reason: string; description: string };

/**
 * Checks a target until told to stop. Settings are read before each check, since ModifyTargetGroup works on targets
 * that are already there. `tell` hears of each change of health.
 */
export function startHealthChecks(
  target: TargetAddress,
  settings: () => TargetGroup,
  room: HealthCheckRoom,
  tell: (health: TargetHealth) => void,
): () => void {
  const stopping = new AbortController();
  let health = initialHealth;
  let successes = 0;
  let failures = 0;
  let callOff = room.timers.after(room.clock.ms(firstCheckAfter), check);

  function become(next: TargetHealth): void {
    health = next;
    tell(next);
  }

  async function check(): Promise<void> {
    const began = performance.now();
    const { HealthCheckIntervalSeconds, HealthyThresholdCount, UnhealthyThresholdCount, ...group } =
      settings();
    const verdict = await probe(target, group, room, stopping.signal);
    if (stopping.signal.aborted) return;
    successes = verdict.passed ? successes + 1 : 0;
    failures = verdict.passed ? 0 : failures + 1;
    // AWS: a new target needs one success; the healthy threshold is for those that were unhealthy.
    const enough = health.State === 'unhealthy' ? HealthyThresholdCount! : 1;
    if (verdict.passed && health.State !== 'healthy' && successes >= enough) {
      become({ State: 'healthy' });
    } else if (!verdict.passed && failures >= UnhealthyThresholdCount!) {
      become({ State: 'unhealthy', Reason: verdict.reason, Description: verdict.description });
    }
    const rest = room.clock.ms(HealthCheckIntervalSeconds!) - (performance.now() - began);
    callOff = room.timers.after(Math.max(0, rest), check);
  }

  return () => {
    stopping.abort();
    callOff();
  };
}

async function probe(
  target: TargetAddress,
  group: TargetGroup,
  room: HealthCheckRoom,
  stopped: AbortSignal,
): Promise<Verdict> {
  const port = healthCheckPort(group, target);
  const patience = Math.max(room.clock.ms(group.HealthCheckTimeoutSeconds!), room.leastTimeoutMs);
  const timeout = new AbortController();
  const callOff = room.timers.after(patience, () => timeout.abort());
  try {
    const status = await statusOf(
      target.host ?? target.id,
      port,
      group.HealthCheckPath!,
      AbortSignal.any([timeout.signal, stopped]),
    );
    if (accepts(group.Matcher?.HttpCode ?? '200', status)) return { passed: true };
    const description = `Health checks failed with these codes: [${status}]`;
    return { passed: false, reason: 'Target.ResponseCodeMismatch', description };
  } catch {
    return timeout.signal.aborted
      ? { passed: false, reason: 'Target.Timeout', description: 'Request timed out' }
      : { passed: false, reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
  } finally {
    callOff();
  }
}

/** The port that is checked: the target's own one, unless the group names another. */
export function healthCheckPort({ HealthCheckPort }: TargetGroup, target: TargetAddress): number {
  return HealthCheckPort === undefined || HealthCheckPort === 'traffic-port'
    ? target.port
    : Number(HealthCheckPort);
}

function statusOf(host: string, port: number, path: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'user-agent': 'ELB-HealthChecker/2.0' };
    get({ host, port, path, headers, agent: false, signal }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode!));
    }).on('error', reject);
  });
}

/** Matcher: single codes, lists and ranges, as in `200,202` or `200-299`. */
function accepts(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [low, high = low] = part.split('-').map(Number);
    return status >= low! && status <= high!;
  });
}
