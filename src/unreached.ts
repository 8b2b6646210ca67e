import type { Environment } from './config/environment.ts';
import { toDeployError } from './errors.ts';
import { systemClock } from './release/clock.ts';
import { createReport, type ReportOptions } from './report/reporters.ts';

/**
 * Tells everybody who would have been told of the run that there was no way to its target, an SSH host that is down for
 * one: that is news for a channel as much as a release that failed.
 */
export async function tellUnreached(
  options: Omit<ReportOptions, 'targetDescription' | 'deployment'> & {
    readonly environment: Pick<Environment, 'target'>;
  },
  thrown: unknown,
): Promise<void> {
  const error = toDeployError(thrown);
  const { target } = options.environment;
  const targetDescription =
    target.kind === 'docker' ? `Docker on ${target.docker.host ?? 'this machine'}` : 'ECS';
  const report = createReport({ ...options, targetDescription });
  report.listener({
    at: systemClock.now(),
    type: 'outcome',
    outcome: {
      result: 'failed',
      summary: error.message,
      error,
      previewUrl: '',
      image: '',
      previousImage: '',
      release: '',
      previousRelease: '',
    },
  });
  await report.finish();
  process.exitCode = 1;
}
