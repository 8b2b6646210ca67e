import { cancellation } from './cancel.ts';
import { loadEnvironment } from './config/load.ts';
import type { Request } from './inputs.ts';
import { run } from './release/procedure.ts';
import { readRunContext } from './report/context.ts';
import { createReport } from './report/reporters.ts';
import { maskSecrets, openSession, workspace } from './session.ts';
import { state } from './state.ts';
import { openTarget } from './target/open.ts';

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
  const context = readRunContext(process.env);
  const target = await openTarget(environment);
  const report = createReport({ request, environment, context, targetDescription: target.description });
  try {
    const outcome = await run(
      openSession({ request, environment, context, target, listener: report.listener, signal }),
    );
    if (outcome.error !== undefined) process.exitCode = 1;
  } finally {
    await report.finish();
    await target.close();
  }
}
