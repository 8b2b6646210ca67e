import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { endWithin } from '../processes.ts';
import { requirement } from '../requirements.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** What README and the workflows call this action by, until it has an owner. */
const OURS = 'OWNER/blue-green-deploy';
/** Less than the limit of a test: what hangs is told with what it wrote. */
const LONGEST_RUN_MS = 4 * 60_000;
/** Those that others call: they use the action of their own commit. */
const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows'))
  .map((name) => `.github/workflows/${name}`)
  .filter((path) => /^ +workflow_call:$/m.test(readFileSync(join(ROOT, path), 'utf8')));

/** nektos/act: in `.tmp/act`, where .ci/run puts it, or on the PATH. */
export const act = requirement('act', () =>
  [join(ROOT, '.tmp/act'), join(homedir(), 'go/bin'), ...(process.env['PATH'] ?? '').split(delimiter)]
    .map((folder) => join(folder, 'act'))
    .find(isExecutable),
);

export interface WorkflowRun {
  /** The calling repository: path -> text. */
  readonly files: Readonly<Record<string, string>>;
  readonly event: 'push' | 'workflow_dispatch' | 'schedule';
  /** Path of the workflow that runs. */
  readonly workflow: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** What the steps get besides. */
  readonly env: Readonly<Record<string, string>>;
  /** What act can't do, done to the called workflows. */
  readonly edit?: (workflow: string) => string;
}

export interface Transcript {
  readonly exitCode: number | null;
  readonly log: string;
  /** What the action's step set, by name. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Runs a workflow of a calling repository on a real runner, act, on this machine itself. Where act 0.2.89 lacks what
 * GitHub has, it is given something else, and only there:
 * - `$/` (the action of the workflow's own commit) is written as OWNER/blue-green-deploy@v1;
 * - `concurrency.queue` and `environment.deployment` are taken out, which act's schema does not know (it ignores
 *   concurrency and environments as a whole: nobody is asked for an approval, which is given);
 * - `aws-actions/configure-aws-credentials` is a stand-in that only sets the region: there is no OIDC here.
 */
export async function runWorkflow(run: WorkflowRun): Promise<Transcript> {
  const folder = await mkdtemp(join(tmpdir(), 'act-'));
  try {
    const repository = join(folder, 'repository');
    for (const [path, text] of Object.entries(run.files))
      await put(join(repository, path), path.startsWith('.github/workflows/') ? known(text) : text);
    const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args], { stdio: 'pipe' });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', 'commit', '--quiet', '--message=Release');
    git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');

    const action = join(folder, 'action');
    await mkdir(action);
    for (const path of ['action.yml', 'dist', 'examples'])
      await cp(join(ROOT, path), join(action, path), { recursive: true });
    for (const path of WORKFLOWS) {
      const text = adapted(await readFile(join(ROOT, path), 'utf8'));
      await put(join(action, path), run.edit?.(text) ?? text);
    }
    const aws = join(folder, 'aws');
    await put(join(aws, 'action.yml'), AWS);

    const pairs = (flag: string, values: Readonly<Record<string, string>> = {}) =>
      Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
    const log = await spawned(
      act.get(),
      [
        run.event,
        ...['--workflows', run.workflow, '--platform', 'ubuntu-latest=-self-hosted', '--actor', 'ann'],
        ...['--local-repository', `${OURS}@v1=${action}`],
        ...(await awsVersions()).flatMap((version) => [
          '--local-repository',
          `aws-actions/configure-aws-credentials@${version}=${aws}`,
        ]),
        ...pairs('--input', run.inputs),
        ...pairs('--var', run.vars),
        ...pairs('--secret', run.secrets),
        ...pairs('--env', run.env),
      ],
      repository,
      // act's own cache and settings must not come from, nor stay on, this machine.
      { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') },
    );
    return { ...log, outputs: outputsIn(log.log) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A transcript for people: what ran, how it ended, what it set. */
export function describe(name: string, { exitCode, log, outputs }: Transcript): readonly string[] {
  const steps = log.split('\n').filter((line) => /(✅|❌).* - Main|🏁/u.test(line));
  const set = Object.entries(outputs).map(([output, value]) => `${output}=${value}`);
  return [
    `act, ${name}: exit ${exitCode}`,
    ...steps.map((line) => line.trim()),
    `outputs: ${set.join(', ')}`,
  ];
}

/** The jobs that ran, in the order in which they ended. */
export const jobsOf = ({ log }: Transcript): readonly string[] =>
  [...log.matchAll(/^\[([^\]]*)\] 🏁/gmu)].map(([, job = '']) => job.slice(job.lastIndexOf('/') + 1).trim());

const AWS = `name: Stand-in for aws-actions/configure-aws-credentials
inputs: { role-to-assume: { required: true }, aws-region: { required: true } }
runs:
  using: composite
  steps:
    - shell: sh
      run: echo "AWS_REGION=$REGION" >> "$GITHUB_ENV"
      env:
        REGION: \${{ inputs.aws-region }}
`;

/** Without the keys that act's schema does not know. */
const known = (workflow: string): string =>
  workflow
    .replace(/^ +queue: max\n/gm, '')
    .replace(/^ +deployment: false( #.*)?\n/gm, '')
    .replaceAll(', deployment: false', '');

/** What act does not know. @throws Error when a workflow no longer has it, so that no adaptation outlives its reason */
function adapted(workflow: string): string {
  const replaced = known(workflow.replace(/uses: \$\/$/gm, `uses: ${OURS}@v1`));
  if (/uses: \$\/|queue: max|deployment: false/.test(replaced) || replaced === workflow)
    throw new Error('adapt the workflow anew');
  return replaced;
}

/** The versions that README and the workflows name. */
async function awsVersions(): Promise<readonly string[]> {
  const examples = readdirSync(join(ROOT, 'examples/workflows')).map((name) => `examples/workflows/${name}`);
  const files = ['README.md', ...WORKFLOWS, ...examples];
  const texts = await Promise.all(files.map((path) => readFile(join(ROOT, path), 'utf8')));
  const found = texts.flatMap((text) => [...text.matchAll(/aws-actions\/configure-aws-credentials@(\S+)/g)]);
  return [...new Set(found.map(([, version]) => version!))];
}

function spawned(command: string, args: readonly string[], cwd: string, env: Record<string, string>) {
  return new Promise<{ exitCode: number | null; log: string }>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      // The action runs on the Node that action.yml names; act takes the first on the PATH.
      env: { PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    endWithin(child, LONGEST_RUN_MS);
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      process.off('exit', end);
      resolve({ exitCode, log });
    });
  });
}

/** act tells of each output as it is set: `::set-output:: result=deployed`. */
const outputsIn = (log: string): Record<string, string> =>
  Object.fromEntries(
    [...log.matchAll(/::set-output:: ([\w-]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!.trim()]),
  );

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
