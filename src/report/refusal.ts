import { readFile } from 'node:fs/promises';
import type { DeployError } from '../errors.ts';
import { type Request, secretsOf } from '../inputs.ts';
import { warn } from './console.ts';
import { readRunContext, tempFolder } from './context.ts';
import { outputsOf, setOutputs } from './outputs.ts';
import { reportOf, writeReport } from './report-file.ts';
import type { RunInfo } from './run-info.ts';
import { collectTimeline, type Timeline } from './timeline.ts';

export interface Refusal {
  readonly error: DeployError;
  /** Absent where the inputs themselves were wrong. */
  readonly request: Request | undefined;
  /** When this step began, ms since the epoch. */
  readonly startedAt: number;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The outputs and the report of a run that was refused before anything was asked or changed: each output is there as
 * after any other end, but of the target nothing is known. What a run has set already stays. Never fails.
 */
export async function reportRefusal({ error, request, startedAt, env }: Refusal): Promise<void> {
  const file = env['GITHUB_OUTPUT'];
  if (!file) return;
  try {
    if (/^result<</m.test(await readFile(file, 'utf8'))) return;
    const run: RunInfo = {
      operation: request?.operation ?? 'deploy',
      app: '',
      environment: request?.environment ?? '',
      reason: request?.reason ?? '',
      force: request?.force ?? false,
      imageTag: request?.imageTag ?? '',
      target: '',
      context: readRunContext(env),
    };
    const unknown = { image: '', previousImage: '', release: '', previousRelease: '', previewUrl: '' };
    const timeline: Timeline = {
      ...collectTimeline().timeline,
      ...{ startedAt, endedAt: Date.now() },
      outcome: { result: 'failed', summary: error.message, error, ...unknown },
    };
    const path = await writeReport(tempFolder(env), reportOf(run, timeline), secretsOf(request ?? {})).catch(
      () => '',
    );
    setOutputs(outputsOf({}, timeline, path));
  } catch (failure) {
    warn(`Report (outputs): ${(failure as Error).message}`);
  }
}
