import { DeployError } from '../../errors.ts';

/**
 * What tells against the release itself. Everything else that a look may end with (a permission is missing, somebody is
 * at work there, an alarm has no data) is to be mended, but no release is taken from users for it once it was accepted.
 */
const AGAINST_IT: readonly string[] = [
  'unhealthy',
  'platform-rolled-back',
  'platform-stalled',
  'alarm',
  'error-rate',
  'latency',
  'probe-failed',
];

export const isVerdict = (error: unknown): error is DeployError =>
  error instanceof DeployError && AGAINST_IT.includes(error.code);
