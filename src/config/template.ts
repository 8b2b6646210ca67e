/** What `{color}` and `{image-tag}` stand for: known only while a release is on its way. */
export interface ReleaseValues {
  readonly color: string;
  readonly imageTag: string;
}

/** Replaces `{color}` and `{image-tag}`; all other braces are the user's own (`{"ok":true}`) and stay. */
export const fill = (text: string, values: ReleaseValues): string =>
  text.replace(/\{(color|image-tag)\}/g, (_, name) => (name === 'color' ? values.color : values.imageTag));

/** `fill` for the source of a regular expression: the values match literally. */
export const fillPattern = (source: string, { color, imageTag }: ReleaseValues): string =>
  fill(source, { color: literally(color), imageTag: literally(imageTag) });

/** Replaces `{app}` and `{environment}`, which are known as soon as the file is read. */
export const fillNames = (text: string, names: { app: string; environment: string }): string =>
  text.replace(/\{(app|environment)\}/g, (_, name) => (name === 'app' ? names.app : names.environment));

// RegExp.escape would do, but TypeScript's es2024 library does not know it. `\-` is an error under the flag `u`, and a
// bare `-` a range inside of a class: hence \x2d.
const literally = (text: string): string =>
  text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('-', '\\x2d');
