/**
 * Images from nothing but this machine's own files, as no test may need a registry that is not its own. What takes time
 * is made once for the machine, as tar files; each engine imports those that it needs.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { appCode } from '../../sandbox/app/code.ts';
import type { Engine } from './engine.ts';
import { docker, LAB_FOLDER } from './parts.ts';

const run = promisify(execFile);

/** The tags that `loadImage` gives. All of them run as root. */
export const IMAGES = {
  /** The app of test/sandbox/app on port 3000; without a shell, as users' images may be. */
  app: 'app:base',
  haproxy: 'haproxy:3.0',
  caddy: 'caddy:2.6',
} as const;

export type ImageName = keyof typeof IMAGES;

interface Recipe {
  /** Changes when what is in the image does. */
  readonly version: string;
  /** Lines of a Dockerfile. */
  readonly settings: readonly string[];
  fill(root: string): Promise<void>;
}

const SETTINGS: Readonly<Record<ImageName, readonly string[]>> = {
  app: ['ENV PATH=/bin', 'ENV PORT=3000', 'ENV ADDRESS=0.0.0.0', 'EXPOSE 3000', 'CMD ["node","/app.js"]'],
  // As the official images have it.
  haproxy: [
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'STOPSIGNAL SIGUSR1',
    'CMD ["haproxy","-W","-db","-f","/usr/local/etc/haproxy/haproxy.cfg"]',
  ],
  caddy: [
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'ENV XDG_CONFIG_HOME=/config',
    'ENV XDG_DATA_HOME=/data',
    'CMD ["caddy","run","--config","/etc/caddy/Caddyfile","--adapter","caddyfile"]',
  ],
};

type Docker = Pick<Engine, 'docker'>;

/** Has the image in the engine, under its tag. */
export async function loadImage(
  engine: Docker,
  name: ImageName,
  reference: string = IMAGES[name],
): Promise<string> {
  const recipe = recipeFor(name);
  const tar = await tarOf(name, recipe);
  const imported = await engine.docker(['import', '-'], { input: createReadStream(tar) });
  return await build(engine, reference, [`FROM ${imported}`, ...recipe.settings]);
}

/**
 * A version of the app: the base, which must be there, with a different environment.
 * @param environment what test/sandbox/app/app.ts reads; VERSION is the tag when absent
 */
export async function buildApp(
  engine: Docker,
  reference: string,
  environment: Readonly<Record<string, string>> = {},
  base: string = IMAGES.app,
): Promise<string> {
  const all = { VERSION: reference.slice(reference.lastIndexOf(':') + 1), ...environment };
  const lines = Object.entries(all).map(([name, value]) => `ENV ${name}=${JSON.stringify(value)}`);
  return await build(engine, reference, [`FROM ${base}`, ...lines]);
}

async function build(engine: Docker, reference: string, lines: readonly string[]): Promise<string> {
  await engine.docker(['build', '--quiet', '--tag', reference, '-'], {
    input: `${lines.join('\n')}\n`,
    // Its successor is a plugin that not every machine has.
    env: { DOCKER_BUILDKIT: '0' },
  });
  return reference;
}

function recipeFor(name: ImageName): Recipe {
  const settings = SETTINGS[name];
  if (name === 'app') {
    const code = appCode();
    return {
      version: hash(process.version, code),
      settings,
      async fill(root) {
        await putProgram(root, process.execPath, '/bin/node', '/');
        await writeFile(join(root, 'app.js'), code);
      },
    };
  }
  if (name === 'haproxy') {
    const haproxy = findHaproxy();
    // Else what the lab lacks is told below.
    if (haproxy !== undefined && haproxy.system === '/') return machinesHaproxy(haproxy.program);
  }
  const debian = docker.get().root;
  return {
    version: hash(readFileSync(join(debian, 'stamp'), 'utf8')),
    settings,
    async fill(root) {
      const program = name === 'haproxy' ? HAPROXY : '/usr/bin/caddy';
      await putProgram(root, program, program, debian);
      await put(join(debian, 'usr/bin/busybox'), join(root, 'bin/busybox'));
      for (const link of ['sh', 'cat', 'ls', 'wget', 'nc', 'sleep', 'touch', 'rm', 'mv', 'kill'])
        await symlink('busybox', join(root, 'bin', link));
      for (const folder of ['usr/local/etc/haproxy', 'etc/caddy', 'config', 'data'])
        await mkdir(join(root, folder), { recursive: true });
    },
  };
}

const HAPROXY = '/usr/sbin/haproxy';

/** The lab's HAProxy, else the machine's own, which is all that the demo needs. */
export function findHaproxy(): { readonly system: string; readonly program: string } | undefined {
  const lab = join(LAB_FOLDER, 'root');
  if (process.getuid?.() === 0 && existsSync(join(lab, 'stamp'))) return { system: lab, program: HAPROXY };
  const program = ['/usr/local/sbin/haproxy', HAPROXY, '/usr/bin/haproxy'].find((path) => existsSync(path));
  return program === undefined ? undefined : { system: '/', program };
}

function machinesHaproxy(program: string): Recipe {
  return {
    version: hash(program, String(statSync(program).mtimeMs)),
    settings: SETTINGS.haproxy,
    async fill(root) {
      await putProgram(root, program, HAPROXY, '/');
      await mkdir(join(root, 'usr/local/etc/haproxy'), { recursive: true });
    },
  };
}

/** Another for each content, and for each way of making it, which is this file. */
export const versionOf = (name: ImageName): string =>
  hash(recipeFor(name).version, readFileSync(import.meta.filename, 'utf8'));

/** The file system as a tar file, made when it is not there yet. */
async function tarOf(name: ImageName, { fill }: Recipe): Promise<string> {
  const folder = join(LAB_FOLDER, 'images');
  const tar = join(folder, `${name}-${versionOf(name)}.tar`);
  if (existsSync(tar)) return tar;
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'new-'));
  try {
    const root = join(work, 'root');
    for (const part of ['bin', 'etc', 'run', 'proc', 'sys', 'dev', 'usr/bin', 'usr/sbin', 'lib64', 'tmp'])
      await mkdir(join(root, part), { recursive: true });
    await chmod(join(root, 'tmp'), 0o1777);
    await writeFile(
      join(root, 'etc/passwd'),
      'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
    );
    await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
    // Else the C library never asks Docker's name server.
    await writeFile(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
    await fill(root);
    await run('tar', ['--numeric-owner', '-C', root, '-cf', join(work, 'tar'), '.']);
    // Not what belongs to this version: its registry, and one that somebody makes at the moment.
    const own = basename(tar, '.tar');
    const outdated = (await readdir(folder)).filter(
      (file) => file.startsWith(`${name}-`) && !file.startsWith(own),
    );
    // Whoever comes second replaces it with the same.
    await rename(join(work, 'tar'), tar);
    for (const file of outdated) await rm(join(folder, file), { recursive: true, force: true });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return tar;
}

/** A program with all the libraries that it loads, which are in `system` as it is. */
async function putProgram(root: string, program: string, place: string, system: string): Promise<void> {
  await put(join(system, program), join(root, place));
  const loader = process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2';
  // Only root may look at another system so, and this one needs it not.
  const [command, ...words] = [...(system === '/' ? [] : ['chroot', system]), loader, '--list', program];
  const listed = await run(command!, words);
  await put(join(system, loader), join(root, loader));
  // Loaded by the C library on its own, and so in nobody's list.
  const names = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];
  const libraries = [...listed.stdout.matchAll(/=> (\/\S+)/g)].map(([, path]) => path!);
  const folder = dirname(libraries.find((path) => basename(path) === 'libc.so.6')!);
  // Newer C libraries have them built in.
  const further = names.map((name) => join(folder, name)).filter((path) => existsSync(join(system, path)));
  for (const path of [...libraries, ...further]) await put(join(system, path), join(root, path));
}

async function put(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

const hash = (...parts: readonly string[]): string => {
  const all = createHash('sha256');
  for (const part of parts) all.update(`${part.length}:`).update(part);
  return all.digest('hex').slice(0, 12);
};
