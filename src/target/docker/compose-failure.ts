import { DeployError } from '../../errors.ts';
import { excerpt, plain } from '../../text.ts';
import type { DockerCli } from './docker-cli.ts';
import type { DockerError } from './docker-error.ts';
import { COMPOSE_PROJECT, COMPOSE_SERVICE } from './names.ts';

const LOG_LINES = 50;

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error: string;
    readonly Health?: {
      readonly Status: string;
      readonly Log?: readonly { readonly Output?: string }[] | null;
    };
  };
}

/** `docker compose up` did not come to its end: its own words, and the log of whatever kept it. */
export async function upFailure(
  docker: DockerCli,
  project: string,
  /** What Compose said; nothing when it was ended since it took too long. */
  said: string | undefined,
  timeoutMs: number,
): Promise<DeployError> {
  // What went wrong is known; that there is no more to it because the engine does not answer is no second failure.
  const culprits = await findCulprits(docker, project, said).catch(() => []);
  const details = await Promise.all(culprits.map((one) => describe(docker, one).catch(() => [])));
  const names = culprits.map(serviceOf).join(', ');
  if (said === undefined)
    return new DeployError(
      `${names === '' ? 'What the others depend on' : names} did not come up within health.timeout (${timeoutMs / 1000} s), and other services wait for it (\`depends_on\`).`,
      {
        code: 'health-timeout',
        hint: 'If it only needs longer, raise health.timeout; otherwise look at its log and its health check.',
        details: details.flat(),
      },
    );
  return new DeployError(`Compose could not bring ${project} up: ${plain(said).replace(/\.$/, '')}.`, {
    code: 'compose-up-failed',
    hint: hintFor(said, names),
    details: details.flat(),
  });
}

/** Compose's last words, without the progress before them. */
export function lastWords(error: DockerError): string {
  const lines = error.output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:Container|Network|Volume|Image) |level=warning/.test(line))
    .map((line) => line.replace(/^error response from daemon:\s*/i, ''));
  return excerpt(lines.length === 0 ? error.message : [...new Set(lines)].join(' '), 500);
}

async function findCulprits(docker: DockerCli, project: string, said = ''): Promise<readonly Inspected[]> {
  const ids = await docker.run([
    'ps',
    '--all',
    '--quiet',
    '--no-trunc',
    '--filter',
    `label=${COMPOSE_PROJECT}=${project}`,
  ]);
  const all = await docker.inspect<Inspected>(
    'container',
    ids.split('\n').filter((id) => id !== ''),
  );
  const named = all.filter((one) => said.includes(one.Name.slice(1)) || said.includes(`"${serviceOf(one)}"`));
  if (named.length > 0) return named;
  return all.filter(
    ({ State }) =>
      (State.Status === 'exited' && State.ExitCode !== 0) ||
      State.Error !== '' ||
      (State.Health !== undefined && State.Health.Status !== 'healthy' && State.Status === 'running'),
  );
}

async function describe(docker: DockerCli, container: Inspected): Promise<readonly string[]> {
  const { Id, Name, State } = container;
  const health = State.Health?.Log?.at(-1)?.Output ?? '';
  const lines: string[] = [];
  if (State.Status !== 'created')
    await docker.run(['logs', '--tail', String(LOG_LINES), Id], { onProgress: (line) => lines.push(line) });
  return [
    `${Name.slice(1)}: ${stateOf(State)}`,
    ...(health === '' ? [] : [`health check: ${excerpt(health)}`]),
    ...lines.slice(-LOG_LINES).map((line) => `  ${excerpt(line, 300)}`),
  ];
}

function stateOf({ Status, ExitCode, OOMKilled, Error: error, Health }: Inspected['State']): string {
  if (error !== '') return excerpt(error, 300);
  if (OOMKilled) return 'killed, out of memory';
  if (Status === 'exited') return `exited with ${ExitCode}`;
  return Health === undefined ? Status : `${Status}, ${Health.Status}`;
}

const serviceOf = ({ Config, Name }: Inspected): string => Config.Labels?.[COMPOSE_SERVICE] ?? Name.slice(1);

function hintFor(said: string, names: string): string {
  if (/port is already allocated|address already in use/.test(said))
    return 'Something else on the host has that port: remove it from `ports:`, or end what has it.';
  if (/no such image/i.test(said))
    return 'The image was removed from the host after it was pulled (a `docker image prune`?): run again.';
  if (/didn't complete successfully|dependency failed|exited \(\d+\)|is unhealthy/.test(said))
    return `Look at the log of ${names || 'that service'} below; other services wait for it (\`depends_on\`).`;
  if (/executable file not found|permission denied|exec format error|no such file or directory/.test(said))
    return 'Check `command:` and `entrypoint:`, and that the image is built for this host.';
  return 'Nothing of it reached users. Mend that, then deploy again.';
}
