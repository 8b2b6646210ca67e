import type { Event, Listener } from '../release/events.ts';
import { excerpt, plain } from '../text.ts';
import { version } from '../version.ts';
import { say } from './console.ts';
import { redact } from './redact.ts';
import type { RunInfo } from './run-info.ts';
import type { Timeline } from './timeline.ts';

/**
 * Tells GitHub what is deployed where: a deployment for the environment, with its states and what is live as payload.
 * A job with `environment:` has one already, which GitHub keeps itself; a second one would show everything twice.
 */
export interface GitHubDeployment {
  readonly listener: Listener;
  /** Sets the last state. @throws Error when GitHub did not take it */
  finish(timeline: Timeline): Promise<void>;
}

export interface GitHubDeploymentOptions {
  readonly run: RunInfo;
  readonly token: string;
  /** What must not be told, whatever it stands in. */
  readonly secrets?: readonly string[];
  /** One line of the log, for what is no trouble but good to know. */
  readonly note?: (message: string) => void;
}

/** What is kept at GitHub with each deployment of ours. */
export interface DeploymentPayload {
  readonly 'blue-green': {
    /** Of this action. */
    readonly version: string;
    readonly app: string;
    readonly color: string;
    readonly image: string;
    /** Of the image; empty where nobody told it. */
    readonly digest: string;
    readonly release: string;
  };
  /** The image that was live before. */
  readonly previous: string;
}

type Octokit = ReturnType<typeof import('@actions/github')['getOctokit']>;
type State = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** GitHub refuses longer descriptions. */
const DESCRIPTION = 140;
/** So many of the environment's newest deployments are looked at: for the job's own, and for those to be ended. */
const NEWEST = 20;
const AT_MOST_MS = 30_000;

/** Only these bring something to users; what is staged is no deployment yet. */
const TELLS: readonly string[] = ['deploy', 'promote', 'rollback', 'watch'];
/** `watch` is told of only where it rolls back. */
const isRollback = ({ operation }: RunInfo): boolean => operation === 'rollback' || operation === 'watch';

export function createGitHubDeployment(options: GitHubDeploymentOptions): GitHubDeployment | undefined {
  const { run, token } = options;
  const { repository, runId, sha } = run.context;
  if (token === '' || repository === '' || runId === '' || sha === '' || !TELLS.includes(run.operation))
    return undefined;
  let opened: Promise<Opened | undefined> | undefined;
  return {
    listener: (event) => {
      if (event.type !== 'intent' || opened !== undefined) return;
      opened = open(options, event);
      // Whoever finishes hears of it.
      opened.catch(() => {});
    },
    async finish(timeline) {
      const deployment = await opened;
      if (deployment !== undefined)
        await close({ ...deployment, octokit: await connect(token) }, run, timeline);
    },
  };
}

interface Opened {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly id: number;
  /** Deployments that are active, and no longer once this one is. */
  readonly former: readonly number[];
  readonly secrets: readonly string[];
}

/** For one burst of calls: its time began long ago when the deployment that lies between two of them has ended. */
async function connect(token: string): Promise<Octokit> {
  const { getOctokit } = await import('@actions/github');
  return getOctokit(token, { request: { signal: AbortSignal.timeout(AT_MOST_MS) } });
}

async function open(
  { run, token, secrets = [], note = say }: GitHubDeploymentOptions,
  { to, image, release, previousImage }: Extract<Event, { type: 'intent' }>,
): Promise<Opened | undefined> {
  const octokit = await connect(token);
  const [owner = '', repo = ''] = run.context.repository.split('/');
  const { rest } = octokit;
  try {
    const { data: known } = await rest.repos.listDeployments({
      owner,
      repo,
      environment: run.environment,
      per_page: NEWEST,
    });
    if (await isOfThisJob(octokit, owner, repo, run, known)) return undefined;
    const mine = known.filter(({ payload }) => payloadOf(payload)?.app === run.app);
    const { former, live } = await standing(octokit, owner, repo, mine);
    if (isRollback(run)) crossCheck(live, { image, note });
    // What is rolled back to has a commit of its own, which is not the one that the rollback's workflow runs at.
    const source = isRollback(run)
      ? mine.find(({ payload }) => payloadOf(payload)?.image === image)
      : undefined;
    const [, digest = ''] = image.split('@');
    const payload: DeploymentPayload = {
      'blue-green': { version, app: run.app, color: to, image, digest, release },
      previous: previousImage,
    };
    const { data } = await rest.repos.createDeployment({
      owner,
      repo,
      ref: source?.sha ?? run.context.sha,
      task: isRollback(run) ? 'rollback' : 'deploy',
      auto_merge: false,
      // Whether the commit may be deployed was decided by whoever started this run.
      required_contexts: [],
      environment: run.environment,
      // Octokit's type takes maps of any kind, and no interface.
      payload: { ...payload },
      description: told(`${run.app} ${image}${run.reason === '' ? '' : `: ${run.reason}`}`, secrets),
    });
    if (!('id' in data)) throw new Error(`it answered ${plain(data.message ?? 'without a deployment')}`);
    const opened = { octokit, owner, repo, id: data.id, former, secrets };
    await tell(opened, run, 'in_progress', `To ${to}`);
    return opened;
  } catch (error) {
    if (!isForbidden(error))
      throw new Error(`GitHub was not told of the deployment: ${(error as Error).message}`);
    note(
      'GitHub is not told of this deployment, as the token may not: add `deployments: write` under `permissions:` of the job (and of the job that calls a reusable workflow). With an `environment:` in the job GitHub knows of it anyway.',
    );
    return undefined;
  }
}

/** GitHub made a deployment for this job by itself when a state of it leads to this very run. */
async function isOfThisJob(
  octokit: Octokit,
  owner: string,
  repo: string,
  { context }: RunInfo,
  known: readonly { readonly id: number; readonly sha: string; readonly payload: unknown }[],
): Promise<boolean> {
  const candidates = known.filter(
    ({ sha, payload }) => sha === context.sha && payloadOf(payload) === undefined,
  );
  for (const { id } of candidates) {
    const { data } = await octokit.rest.repos.listDeploymentStatuses({
      owner,
      repo,
      deployment_id: id,
      per_page: 5,
    });
    if (
      data.some(({ log_url: url = '', target_url: other }) =>
        [url, other].some((one) => one !== undefined && runIn(one) === context.runId),
      )
    )
      return true;
  }
  return false;
}

interface Known {
  readonly id: number;
  readonly payload: unknown;
}

/**
 * Those that are to be ended once this one is a success, and the one that is live as far as GitHub knows. From the newest
 * backwards: what is older than one that has been ended has been ended too. One that is in progress is of a run that died.
 */
async function standing(
  octokit: Octokit,
  owner: string,
  repo: string,
  mine: readonly Known[],
): Promise<{ former: readonly number[]; live: Known | undefined }> {
  const former: number[] = [];
  let live: Known | undefined;
  for (const one of mine) {
    const { data } = await octokit.rest.repos.listDeploymentStatuses({
      ...{ owner, repo, deployment_id: one.id, per_page: 1 },
    });
    const state = data[0]?.state;
    if (state === 'inactive') break;
    if (state === 'failure' || state === 'error') continue;
    former.push(one.id);
    if (state === 'success') live ??= one;
  }
  return { former, live };
}

/** The target is the truth; where GitHub remembers another release than the target leads to, that is worth a line. */
function crossCheck(
  live: Known | undefined,
  { image, note }: { image: string; note: (message: string) => void },
): void {
  const previous = live === undefined ? undefined : previousOf(live.payload);
  if (previous !== undefined && previous !== '' && previous !== image)
    note(
      `The target leads back to ${image}; GitHub remembers ${previous} as the release before. The target counts.`,
    );
}

/** What is cut off is no longer known for a secret. */
const told = (text: string, secrets: readonly string[]): string =>
  excerpt(redact(text, secrets), DESCRIPTION);

async function close(opened: Opened, run: RunInfo, { outcome }: Timeline): Promise<void> {
  // A `watch` that rolled back has an error, which is why.
  const isDone =
    (outcome?.error === undefined && outcome?.result === 'deployed') ||
    (outcome?.result === 'rolled-back' && (outcome.error === undefined || run.operation === 'watch'));
  if (!isDone) {
    const state = outcome === undefined ? 'error' : 'failure';
    return tell(opened, run, state, outcome?.summary ?? 'The run ended before it had a result.');
  }
  await tell(opened, run, 'success', outcome.summary);
  // GitHub's own auto_inactive leaves production environments out.
  for (const id of opened.former) await tell({ ...opened, id }, run, 'inactive', 'Replaced');
}

async function tell(
  { octokit, owner, repo, id, secrets }: Opened,
  run: RunInfo,
  state: State,
  description: string,
): Promise<void> {
  await octokit.rest.repos.createDeploymentStatus({
    owner,
    repo,
    deployment_id: id,
    state,
    auto_inactive: false,
    description: told(description, secrets),
    ...(run.context.runUrl === '' || state === 'inactive' ? {} : { log_url: run.context.runUrl }),
    ...(run.url === undefined || state === 'inactive' ? {} : { environment_url: run.url }),
  });
}

const runIn = (url: string): string | undefined => /\/actions\/runs\/(\d+)/.exec(url)?.[1];

function payloadOf(payload: unknown): { readonly app?: unknown; readonly image?: unknown } | undefined {
  const own = mapOf(payload)?.['blue-green'];
  return typeof own === 'object' && own !== null ? own : undefined;
}

function previousOf(payload: unknown): string | undefined {
  const previous = mapOf(payload)?.['previous'];
  return typeof previous === 'string' ? previous : undefined;
}

/** GitHub gives back what it was given: an object, or its JSON. */
function mapOf(payload: unknown): Record<string, unknown> | undefined {
  const value = typeof payload === 'string' ? attempt(payload) : payload;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function attempt(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isForbidden = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  (error.status === 403 || error.status === 404);
