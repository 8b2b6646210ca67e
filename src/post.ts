import * as core from '@actions/core';
import { loadEnvironment } from './config/load.ts';
import { DeployError } from './errors.ts';
import type { Request } from './inputs.ts';
import { resume } from './release/procedure.ts';
import { readRunContext } from './report/context.ts';
import { createLog } from './report/log.ts';
import { maskSecrets, openSession, workspace } from './session.ts';
import { state } from './state.ts';
import type { DrivenTarget } from './target/driven.ts';
import { openTarget } from './target/open.ts';
import type { Target } from './target/target.ts';

/** GitHub ends a cancelled job's post steps after five minutes; what is left then is the next run's. */
const TIME_MS = 270_000;

/**
 * The post step, only where the main step left something behind: it was cancelled, timed out or killed. Finishes or
 * undoes what was under way, with the main step's own lock.
 */
export async function post(request: Request): Promise<void> {
  maskSecrets(request);
  const environment = await loadEnvironment({
    ...request,
    workspace: workspace(),
    region: process.env['AWS_REGION'] ?? '',
    dockerHost: process.env['DOCKER_HOST'] ?? '',
  });
  const limit = new DeployError('The time of the post step is over.', {
    code: 'post-time-over',
    hint: 'The next deploy or rollback goes on from here.',
  });
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(limit), TIME_MS);
  const log = createLog();
  let tell = (_message: string) => {};
  let target: Target | DrivenTarget | undefined;
  try {
    // The way to the host may take minutes of the time that there is.
    target = await openTarget(environment, {
      workspace: workspace(),
      sshKey: request.sshKey,
      progress: (message) => tell(message),
      signal: controller.signal,
    });
    const context = readRunContext(process.env);
    const session = openSession({
      request,
      environment,
      context,
      target,
      listener: log.listener,
      signal: controller.signal,
    });
    tell = (message) => session.emit({ type: 'progress', message });
    const done = await resume(session, state.pending());
    core.info(done === 'recovered' ? 'Everything is in a defined state again.' : 'Nothing was left to do.');
  } finally {
    clearTimeout(timer);
    log.close();
    await target?.close();
  }
}
