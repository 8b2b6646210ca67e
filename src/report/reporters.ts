import { appendFile } from 'node:fs/promises';
import type { SlackSettings } from '../config/environment.ts';
import { toDeployError } from '../errors.ts';
import type { Request } from '../inputs.ts';
import type { Event, Listener } from '../release/events.ts';
import { version } from '../version.ts';
import { annotateError, debugStack, say, warn } from './console.ts';
import { tempFolder } from './context.ts';
import { endScreen } from './end-screen.ts';
import { describeFailure } from './failure.ts';
import type { GitHubDeployment } from './github-deployment.ts';
import { createLog } from './log.ts';
import { inline } from './markdown.ts';
import { outputsOf, setOutputs } from './outputs.ts';
import { redact } from './redact.ts';
import { reportOf, writeReport } from './report-file.ts';
import { type RunInfo, type RunInfoSources, runInfo } from './run-info.ts';
import { allSecrets } from './secret-variables.ts';
import { tellSlack, tellSlackOfStart } from './slack.ts';
import { summaryOf } from './summary.ts';
import { collectTimeline } from './timeline.ts';
import { verdictOf } from './verdict.ts';

/** Slack's own time-out is shorter; this is for what it does not cover, such as a name server that hangs. */
const SLACK_AT_MOST_MS = 10_000;
/** A handful of calls, one after the other. */
const GITHUB_AT_MOST_MS = 20_000;

export interface ReportOptions extends RunInfoSources {
  readonly request: RunInfoSources['request'] &
    Partial<Pick<Request, 'slackWebhookUrl' | 'githubToken' | 'sshKey'>>;
  readonly environment: RunInfoSources['environment'] & { readonly slack?: SlackSettings };
  /** Where the JSON report goes; the runner's temporary folder when absent. */
  readonly temp?: string;
  /** What GitHub is told; absent where there is nobody to tell it with. */
  readonly deployment?: GitHubDeployment;
  /** Further listeners, by name. */
  readonly listeners?: Readonly<Record<string, Listener>>;
}

export interface Report {
  readonly listener: Listener;
  /** Hands out what can only be said at the end. Never fails, and takes a few seconds at most. */
  finish(): Promise<void>;
}

/**
 * Everything that tells people and tools of a run. Whatever goes wrong here becomes a warning: a deployment does not
 * fail because nobody could be told of it.
 */
export function createReport(options: ReportOptions): Report {
  const { request, environment, deployment, temp = tempFolder(process.env) } = options;
  const { slackWebhookUrl = '' } = request;
  const run = runInfo(options);
  const secrets = allSecrets(request, process.env);
  const warned = new Set<string>();
  const log = createLog();
  const { timeline, listener } = collectTimeline();
  const slack = environment.slack &&
    slackWebhookUrl !== '' && { webhookUrl: slackWebhookUrl, secrets, ...environment.slack };
  /** Settled once Slack was told, or not, of the beginning; the end is told after it. */
  let begun: Promise<unknown> | undefined;
  const listeners = Object.entries({
    timeline: listener,
    log: log.listener,
    ...(deployment && { 'GitHub deployment': deployment.listener }),
    ...(slack && {
      slack: (event: Event) => {
        if (event.type === 'intent' && begun === undefined)
          begun = guarded('slack', () => within(SLACK_AT_MOST_MS, tellSlackOfStart(slack, run, event)));
      },
    }),
    ...options.listeners,
  });

  guarded('log', () => say(opening(run)));

  return {
    listener: (event: Event) => {
      for (const [name, listen] of listeners) guarded(name, () => listen(event));
    },
    async finish() {
      await guarded('log', () => {
        log.close();
        for (const line of endScreen(run, timeline)) say(line);
        const { error } = timeline.outcome ?? {};
        if (error === undefined) return;
        const { title } = verdictOf(run.operation, timeline);
        annotateError(`${title} (${error.code})`, describeFailure(error));
        debugStack(error.cause ?? error);
      });
      const path = await guarded('report', () => writeReport(temp, reportOf(run, timeline), secrets));
      await guarded('outputs', () => setOutputs(outputsOf(run, timeline, path ?? '')));
      await guarded('summary', async () => {
        // Absent outside of a workflow.
        const file = process.env['GITHUB_STEP_SUMMARY'];
        const forms = secrets.flatMap((secret) => [secret, inline(secret, 1_000)]);
        if (file) await appendFile(file, redact(summaryOf(run, timeline), forms));
      });
      if (deployment !== undefined)
        await guarded('GitHub deployment', () => within(GITHUB_AT_MOST_MS, deployment.finish(timeline)));
      if (slack) {
        await begun;
        await guarded('slack', () => within(SLACK_AT_MOST_MS, tellSlack(slack, run, timeline)));
      }
    },
  };

  /** Runs one part of the report. Nothing comes of it but a warning when it throws or rejects. */
  function guarded<T>(name: string, body: () => T | Promise<T>): Promise<T | undefined> {
    const failed = (error: unknown) => {
      // Once: what fails at one event fails at the next.
      if (warned.has(name)) return undefined;
      warned.add(name);
      warn(redact(`Report (${name}): ${toDeployError(error).message}`, secrets));
      return undefined;
    };
    try {
      return Promise.resolve(body()).catch(failed);
    } catch (error) {
      return Promise.resolve(failed(error));
    }
  }
}

function opening({ operation, app, environment, imageTag, reason, force, target }: RunInfo): string {
  const tag = imageTag === '' ? '' : ` ${imageTag}`;
  const why = reason === '' ? '' : `. Reason: ${reason}`;
  return `Blue/Green Deploy ${version}: ${operation}${tag}, ${app} / ${environment}, on ${target}${force ? ', with force' : ''}${why}`;
}

/** The promise's value, or an error when it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no end after ${ms / 1_000} s`)), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
