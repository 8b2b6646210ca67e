import type { RunStatus } from './release/session.ts';

/**
 * Asks GitHub whether the workflow run behind a URL has ended, so that a lock whose owner is dead is free at once.
 * Anything but a clear answer (no token, another server, no permission) is `unknown`: then the lease decides.
 */
export function askGitHub({ token, serverUrl }: { token: string; serverUrl: string }): RunStatus {
  return async (runUrl) => {
    const run = /^\/([^/]+)\/([^/]+)\/actions\/runs\/(\d+)/.exec(
      runUrl.startsWith(`${serverUrl}/`) ? runUrl.slice(serverUrl.length) : '',
    );
    if (token === '' || run === null) return 'unknown';
    const [, owner = '', repo = '', id = ''] = run;
    try {
      const { getOctokit } = await import('@actions/github');
      const { data } = await getOctokit(token, {
        request: { signal: AbortSignal.timeout(10_000) },
      }).rest.actions.getWorkflowRun({ owner, repo, run_id: Number(id) });
      return data.status === 'completed' ? 'completed' : 'running';
    } catch {
      return 'unknown';
    }
  };
}
