import * as core from '@actions/core';

/**
 * What the main step leaves for the post step, all of it. The runner keeps it also when the main step was cancelled or
 * killed. index.ts reads `isPost` and `pending` by their environment names, before anything is loaded.
 */
export const state = {
  /** Called first: the same file runs as main and as post. */
  markMain: () => core.saveState('isPost', 'true'),
  /** The lock's handle while something may be left to clean up. */
  setPending: (handle: string | undefined) => core.saveState('pending', handle ?? ''),
  pending: () => core.getState('pending'),
};
