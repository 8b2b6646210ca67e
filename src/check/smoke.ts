import { formatCommand } from '../config/command.ts';
import type { Identity, PathTest, RunTest, SmokeTest, UrlTest } from '../config/environment.ts';
import { fill } from '../config/template.ts';
import type { CheckResult } from '../release/events.ts';
import type { Preview } from '../target/target.ts';
import { excerpt } from '../text.ts';
import { type Attempts, type AttemptsContext, attempt, PAUSE_MS } from './attempts.ts';
import type { CheckSubject } from './check.ts';
import { runCommand } from './command.ts';
import { commandEnv, type Env } from './command-env.ts';
import { below, checkOnce } from './http-check.ts';

export interface SmokeContext extends AttemptsContext {
  readonly subject: CheckSubject;
  readonly preview: Preview | undefined;
  readonly identity?: Identity;
  /** How long after `preview.since` requests may still go past it, in ms. */
  readonly propagation: number;
  readonly environment: string;
  readonly workspace: string;
  readonly env: Env;
  readonly userAgent: string;
  /** Between SIGTERM and SIGKILL for a command, in ms. */
  readonly grace?: number;
  readonly output: (line: string) => void;
}

/**
 * Runs the tests in order, tells each result, and stops at the first that fails: that one is returned. Rejects only
 * when the signal is aborted.
 */
export async function runSmokeTests(
  tests: readonly SmokeTest[],
  context: SmokeContext,
  seen: (check: CheckResult) => void,
): Promise<CheckResult | undefined> {
  for (const test of tests) {
    const result = await attempt(prepared(test, context), context);
    seen(result);
    if (!result.ok) return result;
  }
  return undefined;
}

function prepared(test: SmokeTest, context: SmokeContext): Attempts {
  switch (test.kind) {
    case 'path':
      return pathTest(test, context);
    case 'url':
      return urlTest(test, context);
    case 'run':
      return runTest(test, context);
  }
}

function pathTest(test: PathTest, context: SmokeContext): Attempts {
  const { subject: values, preview, identity, propagation, clock, userAgent, signal } = context;
  const name = `GET ${fill(test.path, values)}`;
  if (preview === undefined) {
    const detail = 'there is no preview through which to reach the idle color; use `url` or `run` instead';
    return { name, retries: 0, once: async () => ({ ok: false, detail }) };
  }
  const budget = (test.retries + 1) * test.timeout + test.retries * PAUSE_MS;
  return {
    name,
    retries: test.retries,
    // The test's own time, or what the platform itself needs to open the preview on all of its nodes.
    patience: Math.max(budget, preview.since + propagation - clock.now()),
    once: () =>
      checkOnce({
        url: below(preview.url, test.path),
        expected: test,
        values,
        wayIn: preview.headers,
        ...(identity && { identity }),
        userAgent,
        signal,
      }),
  };
}

function urlTest(test: UrlTest, { subject: values, userAgent, signal }: SmokeContext): Attempts {
  const url = fill(test.url, values);
  // A password in the URL is sent, not shown.
  const shown = url.replace(/^(\w+:\/\/)[^/?#]*@/, '$1');
  return {
    name: `GET ${excerpt(shown)}`,
    retries: test.retries,
    once: () => checkOnce({ url, expected: test, values, userAgent, signal }),
  };
}

function runTest(test: RunTest, context: SmokeContext): Attempts {
  const { subject, preview, environment, workspace, grace, output, signal } = context;
  const argv = test.run.map((argument) => fill(argument, subject));
  return {
    name: excerpt(formatCommand(argv)),
    retries: test.retries,
    once: () =>
      runCommand({
        argv,
        cwd: workspace,
        env: commandEnv(context.env, environment, subject, preview),
        timeout: test.timeout,
        ...(grace !== undefined && { grace }),
        output,
        signal,
      }),
  };
}
