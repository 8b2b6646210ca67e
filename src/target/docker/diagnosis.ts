import { excerpt } from '../../text.ts';
import type { Failure } from '../target.ts';
import { causeOf } from './causes.ts';
import type { Container } from './containers.ts';
import type { DockerCli } from './docker-cli.ts';
import type { End } from './ends.ts';
import { listeningAddresses } from './listening.ts';
import { logTail } from './log-tail.ts';
import type { Probed } from './probe.ts';

/** The most containers of which the evidence tells. */
const MOST = 5;

/** One container as one look saw it. */
export interface Seen {
  readonly container: Container;
  readonly takesTraffic: boolean;
  /** How it ended, if it did. */
  readonly end?: End;
  /** Of a running one that takes traffic. */
  readonly probed?: Probed;
}

/** Everything that one look at a color saw. */
export interface Sight {
  readonly seen: readonly Seen[];
  /** One line for people. */
  readonly detail: string;
  /** What the proxy still misses; empty where nothing, or where it was not asked. */
  readonly proxy: string;
}

/**
 * Everything that is known of a failure, as one block: what happened and the most likely cause (`reason`), what to do
 * (`hint`), and the evidence: ends of containers, answers to the probe and to Docker's health checks, the last lines of
 * the log.
 */
export async function diagnose(
  { seen, detail, proxy }: Sight,
  { docker, port }: { readonly docker: DockerCli; readonly port: number },
): Promise<Failure> {
  // What ended first took the others with it.
  const ends = seen.flatMap(({ end }) => end ?? []).sort((a, b) => a.at - b.at);
  const failing = seen.filter(({ probed }) => probed?.ok === false);
  const unchecked = seen.filter(
    ({ container, end }) => end === undefined && !['', 'none', 'healthy'].includes(healthOf(container)),
  );
  const culprit = ends[0]?.container ?? failing[0]?.container ?? unchecked[0]?.container;
  const refused = failing.find(({ probed }) => probed?.refused);
  const addresses = refused === undefined ? [] : await listeningAddresses(docker, refused.container);
  const listening = refused === undefined ? '' : listeningLine(refused.container, addresses, port);
  const tail = culprit === undefined ? undefined : await logTail(docker, culprit.id);
  const endLines = ends.map(({ container, text }) => `${container.name} ${text}`);
  const probeLines = failing.map(({ container, probed }) => `${container.name}: ${probed?.text ?? ''}`);
  const checkLines = unchecked.map(({ container }) => checkLine(container));
  const cause = causeOf({
    ends: endLines.join('\n'),
    probes: ends.length > 0 ? '' : probeLines.join('\n'),
    listening,
    checks: ends.length > 0 ? '' : checkLines.join('\n'),
    log: ends.length > 0 ? (tail?.lines.join('\n') ?? '') : '',
  });
  const what =
    endLines[0] ?? (listening === '' ? undefined : listening) ?? probeLines[0] ?? checkLines[0] ?? detail;
  const isProxy = culprit === undefined && proxy !== '';
  return {
    reason: cause === undefined ? what : `${cause.title}: ${what}`,
    hint:
      cause?.hint ??
      (isProxy
        ? 'The containers answer by themselves: look at the proxy’s health check and at the names or addresses of its servers.'
        : undefined),
    details: [
      ...endLines.slice(0, MOST),
      ...probeLines.slice(0, MOST),
      ...(listening === '' ? [] : [listening]),
      ...checkLines.slice(0, MOST),
      ...(proxy === '' ? [] : [`proxy: ${proxy}`]),
      ...(culprit === undefined || tail === undefined ? [] : logLines(culprit, tail)),
    ],
  };
}

/** Docker's own word on a container's health; empty where the container has no health check. */
export const healthOf = ({ inspected }: Container): string => inspected.State.Health?.Status ?? '';

/** `web-1: Docker's health check: unhealthy: connection refused` */
function checkLine(container: Container): string {
  const last = container.inspected.State.Health?.Log?.at(-1);
  const output = excerpt(last?.Output ?? '');
  return `${container.name}: Docker's health check says ${healthOf(container)}${
    last === undefined ? '' : ` (exit code ${last.ExitCode}${output === '' ? '' : `: ${output}`})`
  }`;
}

/** Where the application does listen, when that is not where it is asked; else what its image promises. */
function listeningLine({ name, inspected }: Container, addresses: readonly string[], port: number): string {
  const isLoopback = (address: string) => /^(?:127\.|\[::1\])/.test(address);
  const onPort = addresses.filter((address) => address.endsWith(`:${port}`));
  // By now it listens where it should.
  if (onPort.some((address) => !isLoopback(address))) return '';
  const open = addresses.filter((address) => !isLoopback(address));
  const told = onPort.length > 0 ? onPort : open.length > 0 ? open : addresses;
  if (told.length > 0) return `${name} listens on ${told.join(', ')}`;
  const exposed = Object.keys(inspected.Config.ExposedPorts ?? {}).map((one) => one.replace('/tcp', ''));
  return exposed.length === 0 || exposed.includes(String(port))
    ? ''
    : `${name}: nothing answers on port ${port}; its image names ${exposed.join(', ')} (EXPOSE)`;
}

function logLines(
  { name }: Container,
  { lines, remark }: { readonly lines: readonly string[]; readonly remark?: string },
): string[] {
  if (remark !== undefined) return [`log of ${name}: ${remark}`];
  return [`log of ${name}, its last lines:`, ...lines.map((line) => `  ${line}`)];
}
