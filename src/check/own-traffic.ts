import http from 'node:http';
import https from 'node:https';
import type { Probe } from '../config/environment.ts';
import { fill } from '../config/template.ts';
import type { Clock } from '../release/clock.ts';
import type { CheckSubject, OwnTraffic } from './check.ts';
import { type HttpRequest, send } from './http.ts';
import { below } from './http-check.ts';

/** Between the beginnings of two requests, in ms: light for any site, and enough to notice a gap of half a second. */
const PACE_MS = 200;

export interface OwnTrafficOptions {
  readonly probe: Probe;
  /** What users open. */
  readonly url: string;
  readonly subject: CheckSubject;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly userAgent: string;
}

/**
 * Sends GET (and POST, where the probe has `post`) through users' address on connections that are kept alive, as browsers
 * and API clients do: those suffer first from a proxy that reloads, or a target that is gone. Nothing is tried again. Both
 * colors may answer, so only the status counts, not the body.
 */
export function startOwnTraffic({
  probe,
  url,
  subject,
  clock,
  signal,
  userAgent,
}: OwnTrafficOptions): OwnTraffic {
  const address = new URL(below(url, fill(probe.path, subject)));
  const { Agent } = address.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const stop = new AbortController();
  const headers = Object.fromEntries(
    Object.entries(probe.headers).map(([name, value]) => [name, fill(value, subject)]),
  );
  const request: HttpRequest = {
    ...{ url: address, headers, timeout: probe.timeout, userAgent, agent },
    // Not `stop`: what is under way when the traffic has moved is the most interesting of all.
    signal,
  };
  const bodies = probe.post === undefined ? [undefined] : [undefined, fill(probe.post, subject)];
  let [sent, failed, worstMs, lastFailure] = [0, 0, 0, ''];

  async function once(post: string | undefined): Promise<void> {
    const began = clock.now();
    sent += 1;
    const answer = await send(post === undefined ? request : { ...request, post });
    worstMs = Math.max(worstMs, clock.now() - began);
    if (answer.kind === 'answer' && answer.status === probe.status) return;
    failed += 1;
    const what = answer.kind === 'answer' ? `status ${answer.status}` : answer.reason;
    lastFailure = `${post === undefined ? 'GET' : 'POST'} ${address.pathname}: ${what}`;
  }
  async function run(): Promise<void> {
    const ended = AbortSignal.any([signal, stop.signal]);
    for (let turn = 0; !ended.aborted; turn += 1) {
      const pause = clock.sleep(PACE_MS, ended).catch(() => {});
      await once(bodies[turn % bodies.length]);
      await pause;
    }
  }
  // A cancelled run ends the last request too: that is no failure of the release.
  const running = run().catch(() => {});
  return {
    figures: () => ({ sent, failed, worstMs, lastFailure }),
    async end() {
      stop.abort();
      await running;
      agent.destroy();
    },
  };
}
