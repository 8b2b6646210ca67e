import * as core from '@actions/core';
import { plain } from '../text.ts';

/**
 * Text that the runner only shows. It takes a line that begins with `::` for a command, and `##[command]` anywhere in
 * one (actions/runner, ActionCommand.cs): a line of somebody's log must not set an output or fold ours away.
 */
export const harmless = (text: string): string =>
  plain(text)
    .replaceAll('##[', '## [')
    .replace(/^(\s*):(?=:)/, '$1: ');

/** One line in the log. */
export const say = (text: string): void => core.info(harmless(text));

/** Opens a part of the log that GitHub folds away. They do not nest. */
export const openGroup = (title: string): void => core.startGroup(harmless(title));

export const closeGroup = (): void => core.endGroup();

/** A warning: in the log, and above it. */
export const warn = (text: string): void => core.warning(harmless(text));

/** Where an error comes from: only in logs with debug lines. */
export const debugStack = (error: unknown): void => {
  if (core.isDebug() && error instanceof Error && error.stack) core.debug(error.stack);
};

/** An error: in the log, and above it. May have several lines. */
export const annotateError = (title: string, text: string): void =>
  core.error(text.split('\n').map(harmless).join('\n'), { title: harmless(title) });
