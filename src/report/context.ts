import { tmpdir } from 'node:os';

/** The workflow run that this is, as GitHub tells it. Everything is empty outside of a workflow. */
export interface RunContext {
  /** `owner/name` */
  readonly repository: string;
  readonly serverUrl: string;
  readonly runId: string;
  readonly runAttempt: string;
  readonly sha: string;
  readonly ref: string;
  /** Who pressed the button: of a run that was started again, not its first author. */
  readonly actor: string;
  readonly workflow: string;
  /** The page of exactly this attempt. */
  readonly runUrl: string;
}

/** The only place that reads the run's environment for the reports. */
export function readRunContext(env: NodeJS.ProcessEnv): RunContext {
  const read = (name: string) => env[`GITHUB_${name}`] ?? '';
  const serverUrl = read('SERVER_URL') || 'https://github.com';
  const repository = read('REPOSITORY');
  const runId = read('RUN_ID');
  const runAttempt = read('RUN_ATTEMPT') || '1';
  const run = repository === '' || runId === '' ? '' : `${serverUrl}/${repository}/actions/runs/${runId}`;
  return {
    repository,
    serverUrl,
    runId,
    runAttempt,
    sha: read('SHA'),
    ref: read('REF'),
    actor: read('TRIGGERING_ACTOR') || read('ACTOR'),
    workflow: read('WORKFLOW'),
    runUrl: run === '' || runAttempt === '1' ? run : `${run}/attempts/${runAttempt}`,
  };
}

/** Where files may be left for later steps of the job: the runner empties it after the job. */
export const tempFolder = (env: NodeJS.ProcessEnv): string => env['RUNNER_TEMP'] || tmpdir();

/** The page with the button for a rollback. Empty outside of a workflow. */
export const rollbackUrl = ({ repository, serverUrl }: RunContext): string =>
  repository === '' ? '' : `${serverUrl}/${repository}/actions/workflows/rollback.yml`;

/** The page of the commit. Empty outside of a workflow. */
export const commitUrl = ({ repository, serverUrl, sha }: RunContext): string =>
  repository === '' || sha === '' ? '' : `${serverUrl}/${repository}/commit/${sha}`;

/** Of a commit, whole or shortened as git does. */
const COMMIT = /^[0-9a-f]{7,40}$/;

/** The page of what lies between two commits. Empty where one of them is none, or both are the same. */
export const compareUrl = ({ repository, serverUrl }: RunContext, from: string, to: string): string =>
  repository !== '' && from !== to && COMMIT.test(from) && COMMIT.test(to)
    ? `${serverUrl}/${repository}/compare/${from}...${to}`
    : '';
