import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { Identity } from '../config/environment.ts';
import { fill } from '../config/template.ts';
import type { Clock } from '../release/clock.ts';
import type { CheckResult } from '../release/events.ts';
import { duration } from '../text.ts';
import type { CheckSubject } from './check.ts';
import { judgeIdentity } from './expectation.ts';
import { explain } from './failure.ts';
import { type Answer, type NoAnswer, send } from './http.ts';
import { below } from './http-check.ts';

/** All addresses of a name. Rejects as dns.lookup does. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

export interface IdentityContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly resolve: Resolve;
  readonly userAgent: string;
  /** For the name lookup, and for each request, in ms. */
  readonly timeout?: number;
}

/** So many answers in a row make an address count: a load balancer's node may be many processes. */
export const CONSECUTIVE = 5;
const TIMEOUT_MS = 5000;
/** This machine has no way to such addresses at all, whoever answers there. */
const NO_IPV6 = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * One look at who answers at `url`: resolves its name anew, asks each address until it gave `CONSECUTIVE` answers in a
 * row that are as expected, or one that is not. It keeps nothing between calls: each look is a whole proof, an address
 * that has left DNS no longer counts, a new one does. `detail` stays the same while nothing changes. Rejects only when
 * the signal is aborted.
 */
export async function identifyOnce(
  identity: Identity,
  base: string,
  subject: CheckSubject,
  expectation: 'is' | 'is-not',
  context: IdentityContext,
): Promise<CheckResult> {
  const started = context.clock.now();
  const url = new URL(below(base, fill(identity.path, subject)));
  const result = (ok: boolean, attempts: number, detail: string): CheckResult => ({
    name: `GET ${url.pathname}${url.search} at each address of ${url.hostname}`,
    ok,
    detail,
    attempts,
    ms: context.clock.now() - started,
  });

  let addresses: readonly string[];
  try {
    addresses = await resolveAll(url.hostname, context);
    if (addresses.length === 0) throw new Error('it has no address');
  } catch (error) {
    context.signal.throwIfAborted();
    return result(false, 0, `${url.hostname} could not be resolved: ${explain(error)}`);
  }
  const looks = await Promise.all(
    addresses.map((address) =>
      look(address, (answer) => judged(answer, identity, subject, expectation), url, context),
    ),
  );
  const asked = looks.reduce((sum, { requests }) => sum + requests, 0);
  const usable = looks.some(({ unreachable }) => !unreachable)
    ? looks.filter(({ unreachable }) => !unreachable)
    : looks;
  const skipped = looks.length - usable.length;
  const unused = skipped === 0 ? '' : `; ${skipped} IPv6 not asked, as this machine has no IPv6`;
  const wrong = usable.filter(({ problem }) => problem !== undefined);
  const value = `${identity.header}: ${fill(identity.value, subject).trim()}`;
  const of = `${usable.length} ${usable.length === 1 ? 'address' : 'addresses'}`;
  if (wrong.length > 0) {
    const problems = wrong.map(({ address, problem }) => `${address} ${problem}`).join(', ');
    const wanted = `expected ${expectation === 'is' ? value : `anything but ${value}`}`;
    return result(
      false,
      asked,
      `${problems}; ${wanted} (${usable.length - wrong.length} of ${of} as expected${unused})`,
    );
  }
  const held = expectation === 'is' ? `answered with ${value}` : `no longer answered with ${value}`;
  return result(true, asked, `${of} ${held}, ${CONSECUTIVE} times in a row each${unused}`);
}

interface Look {
  readonly address: string;
  readonly requests: number;
  /** Why the address does not count; absent when it does. */
  readonly problem?: string;
  /** An IPv6 address on a machine without IPv6. */
  readonly unreachable: boolean;
}

async function look(
  address: string,
  judge: (answer: Answer) => string | undefined,
  url: URL,
  { signal, userAgent, timeout = TIMEOUT_MS }: IdentityContext,
): Promise<Look> {
  for (let requests = 1; requests <= CONSECUTIVE; requests += 1) {
    const answer: Answer | NoAnswer = await send({ url, address, headers: {}, timeout, userAgent, signal });
    if (answer.kind === 'no-answer') {
      const unreachable = isIPv6(address) && NO_IPV6.has(answer.code);
      return { address, requests, problem: `did not answer: ${answer.reason}`, unreachable };
    }
    const problem = judge(answer);
    if (problem !== undefined) return { address, requests, problem, unreachable: false };
  }
  return { address, requests: CONSECUTIVE, unreachable: false };
}

/** What is wrong with an answer; nothing when it is as expected. */
function judged(
  answer: Answer,
  identity: Identity,
  subject: CheckSubject,
  expectation: 'is' | 'is-not',
): string | undefined {
  const { verdict, got } = judgeIdentity(answer, identity, subject);
  if (expectation === 'is')
    return verdict === 'subject' ? undefined : `answered ${answer.status} with ${got}`;
  // A load balancer says this in its own name when the color behind it is dead, and that may well be the subject.
  const ofLoadBalancer = verdict === 'absent' && answer.status >= 502 && answer.status <= 504;
  if (verdict !== 'subject' && !ofLoadBalancer) return undefined;
  return `answered ${answer.status} with ${got}`;
}

/** Lookups can neither be aborted nor given a time limit: they are left behind. */
async function resolveAll(hostname: string, context: IdentityContext): Promise<readonly string[]> {
  const { signal, resolve, timeout = TIMEOUT_MS } = context;
  signal.throwIfAborted();
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0) return [literal];
  const ended = Promise.withResolvers<never>();
  const aborted = () => ended.reject(signal.reason);
  const timer = setTimeout(() => ended.reject(new Error(`no answer within ${duration(timeout)}`)), timeout);
  signal.addEventListener('abort', aborted);
  try {
    return [...new Set(await Promise.race([resolve(hostname), ended.promise]))];
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', aborted);
  }
}
