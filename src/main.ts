import { cancellation } from './cancel.ts';
import { loadEnvironment } from './config/load.ts';
import { emptySecrets } from './forgotten.ts';
import type { Request } from './inputs.ts';
import { run } from './release/procedure.ts';
import { warn } from './report/console.ts';
import { readRunContext } from './report/context.ts';
import { createGitHubDeployment } from './report/github-deployment.ts';
import { createReport } from './report/reporters.ts';
import { runInfo } from './report/run-info.ts';
import { allSecrets } from './report/secret-variables.ts';
import { maskSecrets, openSession, workspace } from './session.ts';
import { state } from './state.ts';
import { openTarget } from './target/open.ts';
import { tellUnreached } from './unreached.ts';

/**
 * The main step: loads the config, runs the operation, reports.
 * @throws DeployError when the config is wrong; whatever goes wrong later is part of the report
 */
export async function main(request: Request): Promise<void> {
  state.markMain();
  maskSecrets(request);
  const signal = cancellation();
  const environment = await loadEnvironment({
    ...request,
    workspace: workspace(),
    region: process.env['AWS_REGION'] ?? '',
    dockerHost: process.env['DOCKER_HOST'] ?? '',
  });
  for (const line of emptySecrets(request, environment, process.env)) warn(line);
  const context = readRunContext(process.env);
  // Who listens is there only once the target is.
  let tell = (_message: string) => {};
  const target = await openTarget(environment, {
    workspace: workspace(),
    sshKey: request.sshKey,
    progress: (message) => tell(message),
    signal,
  }).catch((error: unknown) => tellUnreached({ request, environment, context }, error));
  if (target === undefined) return;
  const about = { request, environment, context, targetDescription: target.description };
  const deployment = createGitHubDeployment({
    run: runInfo(about),
    token: request.githubToken,
    secrets: allSecrets(request, process.env),
  });
  const report = createReport({ ...about, deployment });
  try {
    const session = openSession({ request, environment, context, target, listener: report.listener, signal });
    tell = (message) => session.emit({ type: 'progress', message });
    const outcome = await run(session);
    if (outcome.error !== undefined) process.exitCode = 1;
  } finally {
    await report.finish();
    await target.close();
  }
}
