import { DeployError } from '../../errors.ts';
import type { Color } from '../../release/color.ts';
import { excerpt } from '../../text.ts';
import type { ComposeFile } from './compose-file.ts';
import type { DockerCli, RunOptions } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';

/** Of 2023: the oldest whose `config`, `up` and merge rules are known to be those that are relied on here. */
const OLDEST = [2, 20] as const;

/** What the user's file may say of the deployment: `${IMAGE}` and its like. */
export interface Variables {
  readonly app: string;
  readonly environment: string;
  readonly color: Color;
  readonly image: string;
  readonly imageTag: string;
}

/** `docker compose` for the user's file, as one project. */
export function compose(
  docker: DockerCli,
  { project, files, variables }: { project: string; files: readonly string[]; variables: Variables },
  args: readonly string[],
  options: Omit<RunOptions, 'env'> = {},
): Promise<string> {
  const { app, environment, color, image, imageTag } = variables;
  return docker.run(
    ['compose', '--project-name', project, ...files.flatMap((file) => ['--file', file]), ...args],
    {
      ...options,
      env: {
        APP: app,
        ENVIRONMENT: environment,
        COLOR: color,
        IMAGE: image,
        IMAGE_TAG: imageTag,
        // What is read of its words must not hang on the job's own settings.
        COMPOSE_ANSI: 'never',
        COMPOSE_PROGRESS: 'plain',
        COMPOSE_STATUS_STDOUT: 'false',
        // Refused together with --remove-orphans.
        COMPOSE_IGNORE_ORPHANS: 'false',
      },
    },
  );
}

/**
 * Makes sure that the CLI has its Compose plugin, and one that can do what is needed.
 * @throws DeployError `compose-plugin-missing`, `compose-plugin-old`
 */
export async function checkPlugin(docker: DockerCli): Promise<void> {
  const hint =
    'Install the package docker-compose-plugin (Docker’s own repository) or docker-compose-v2 (Ubuntu’s) on the runner; GitHub’s ubuntu runners have it.';
  const version = await docker.run(['compose', 'version', '--short']).catch((error: unknown) => {
    // Without the plugin the CLI takes `compose` for an unknown command, or its flags for its own.
    if (!(error instanceof DockerError)) throw error;
    throw new DeployError('The Docker CLI of this runner has no Compose plugin (`docker compose`).', {
      code: 'compose-plugin-missing',
      hint,
      details: [excerpt(error.output)],
    });
  });
  const [major = 0, minor = 0] = version.trim().replace(/^v/, '').split('.').map(Number.parseFloat);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new DeployError(
    `The Compose plugin of this runner is ${version.trim()}; ${OLDEST.join('.')} or newer is needed.`,
    { code: 'compose-plugin-old', hint },
  );
}

/** Compose's own words about the user's file, with the place and what to do. */
export function invalidFile(error: DockerError, file: ComposeFile): DeployError {
  const said = error.output
    .trim()
    .split('\n')
    .filter((line) => !/level=warning/.test(line))
    .join(' ')
    .replaceAll(`validating ${file.path}: `, '')
    .replaceAll(`${file.path}: `, '');
  const yaml = /^(?:failed to parse .*: )?yaml: /.test(said) ? file.broken() : undefined;
  const why = yaml ?? excerpt(said, 500);
  return new DeployError(`Compose does not take ${placeOf(said, file)}: ${why.replace(/\.$/, '')}.`, {
    code: 'compose-invalid',
    hint: adviceFor(said),
  });
}

/** The service and key that Compose names: `services.web Additional property …`, `service "web" refers to …`. */
function placeOf(said: string, file: ComposeFile): string {
  const path = /\b((?:services|networks|volumes|secrets|configs)(?:\.[\w-]+)+)/.exec(said)?.[1]?.split('.');
  if (path !== undefined) {
    const property = /Additional property (\S+) is not allowed/.exec(said)?.[1];
    return file.at(property === undefined ? path : [...path, property]);
  }
  const [, service, kind, name] =
    /^service "([^"]+)"(?: refers to undefined (network|volume|secret|config) ([^\s:]+))?/.exec(said) ?? [];
  if (service === undefined) return file.name;
  return file.at(['services', service, ...(kind === undefined ? [] : [`${kind}s`])], name);
}

function adviceFor(said: string): string {
  const variable = /required variable (\w+) is missing/.exec(said)?.[1];
  if (variable !== undefined)
    return `Give ${variable} in \`env:\` of the workflow’s step, or in .env beside the Compose file.`;
  if (/env file .* not found|no such file or directory/.test(said))
    return 'Write that file in a step before this one, or take it out of the Compose file.';
  const missing = /refers to undefined (network|volume|secret|config) ([^\s:]+)/.exec(said);
  if (missing !== null)
    return `Declare ${missing[2]} under \`${missing[1]}s:\` at the top level of the file.`;
  return 'Mend the file; `docker compose config` shows the same on your machine.';
}

/** Compose's warnings, without time and level: mostly variables that are not set. */
export function warningOf(line: string): string | undefined {
  const message = /level=warning msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  return message?.replaceAll('\\"', '"').replaceAll('\\n', ' ');
}
