import { DeployError } from './errors.ts';

/**
 * Aborted when the runner cancels the job. It sends SIGINT to this process only, SIGTERM 7.5 s later, and kills it
 * another 2.5 s after that (actions/runner, ProcessInvoker): enough to give traffic back, not to wait for anything.
 * What needs more time is the post step's, which gets five minutes.
 */
export function cancellation(): AbortSignal {
  const controller = new AbortController();
  const cancel = () =>
    controller.abort(
      new DeployError('The run was cancelled.', {
        code: 'cancelled',
        hint: 'Traffic is, or goes back to, where it was before this run; the post step cleans up.',
      }),
    );
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  return controller.signal;
}
