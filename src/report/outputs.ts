import * as core from '@actions/core';
import type { RunInfo } from './run-info.ts';
import { runTime, type Timeline } from './timeline.ts';

/** The action's outputs, as action.yml names them. Each is there after every end; empty where it is not known. */
export function outputsOf(
  { url }: Pick<RunInfo, 'url'>,
  timeline: Timeline,
  reportPath: string,
): Readonly<Record<string, string>> {
  const { outcome } = timeline;
  return {
    // A run that ended without an outcome failed, whatever else it was. `status` has none that one could act upon.
    result: outcome?.result ?? 'failed',
    'live-color': outcome?.liveColor ?? '',
    'idle-color': outcome?.idleColor ?? '',
    image: outcome?.image ?? '',
    'previous-image': outcome?.previousImage ?? '',
    release: outcome?.release ?? '',
    'previous-release': outcome?.previousRelease ?? '',
    url: url ?? '',
    'preview-url': outcome?.previewUrl ?? '',
    'duration-seconds': String(Math.round(runTime(timeline) / 1_000)),
    report: reportPath,
  };
}

/** Hands them to the workflow. */
export function setOutputs(outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}
