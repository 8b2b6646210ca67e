import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { DeployError } from '../errors.ts';
import { cut, show } from './show.ts';

/** The text of a config, and what to call it in messages. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

const LARGEST = 1024 * 1024;

/**
 * Finds the config: a path in the workspace, an absolute path, or the YAML itself when there is more than one line.
 * @throws DeployError `config-missing` or `config-invalid`
 */
export async function readSource(config: string, workspace: string): Promise<Source> {
  const inline = /[\r\n]/.test(config.trim());
  const source = inline ? { name: 'config', text: config } : await readConfigFile(config.trim(), workspace);
  if (source.text.length > LARGEST)
    throw invalid(`${source.name} has more than 1 MiB: give the config itself, without data.`);
  return source;
}

async function readConfigFile(config: string, workspace: string): Promise<Source> {
  if (config === '' || config.includes('\0'))
    throw invalid(`config is ${show(config)}: write a path such as .github/blue-green.yml.`);
  const path = resolve(workspace, config);
  const outside = relative(workspace, path).split(sep)[0] === '..';
  if (!isAbsolute(config) && outside)
    throw invalid(
      `config is ${show(config)}, which leads out of the workspace: write a path inside of it, or an absolute one.`,
    );
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return { name: cut(config, 200), text };
  } catch (cause) {
    const { code = cause } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw await missing(config, path, workspace, cause);
    if (code === 'EISDIR')
      throw invalid(`config is ${show(config)}, a directory: write the path of a file.`, cause);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw invalid(`config is ${show(config)}, which is not UTF-8 text: save it as UTF-8.`, cause);
    throw invalid(`config is ${show(config)}, which can't be read: ${code}.`, cause);
  }
}

async function missing(
  config: string,
  path: string,
  workspace: string,
  cause: unknown,
): Promise<DeployError> {
  const code = 'config-missing';
  const files = await readdir(workspace).catch(() => []);
  if (files.length === 0 && !isAbsolute(config))
    return new DeployError(
      `${config} is not there, because the workspace is empty: check the repository out first.\n` +
        '  - uses: actions/checkout@v5\n  - uses: OWNER/blue-green-deploy@v1',
      { code, cause },
    );
  const sibling = path.replace(/\.ya?ml$/, (ending) => (ending === '.yml' ? '.yaml' : '.yml'));
  // Without git on the runner, actions/checkout leaves no .git either: hence a question.
  const question =
    isAbsolute(config) || existsSync(resolve(workspace, '.git'))
      ? ''
      : 'Is the repository checked out (`- uses: actions/checkout@v5` before this step)? ';
  const hint =
    sibling !== path && existsSync(sibling)
      ? `There is ${sibling}: write its name in the input \`config\`.`
      : `${question}Create it (README: Config), or give its path in the input \`config\`.`;
  return new DeployError(`There is no config at ${path}.`, { code, hint, cause });
}

const invalid = (message: string, cause?: unknown) =>
  new DeployError(message, { code: 'config-invalid', cause });
