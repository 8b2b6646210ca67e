/** Addresses for one engine's networks: a /16 that nothing on this machine uses, not even another engine of the lab. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOCKS = join(tmpdir(), 'blue-green-lab');
/** The second number of the address; the low ones are what VPNs and clouds like best. */
const FIRST = 100;
const LAST = 199;

export interface Pool {
  readonly number: number;
  /** `10.<number>`: all of the engine's networks, given or chosen by Docker, are within. */
  readonly prefix: string;
  /** Notes where the engine's files are, for whoever has to clear up after it. */
  note(folder: string): void;
  free(): void;
}

/**
 * Takes a /16 for this process.
 * @param clearUp removes what an owner that died left behind: called with its prefix and folder
 */
export function takePool(clearUp: (prefix: string, folder: string) => void): Pool {
  mkdirSync(LOCKS, { recursive: true });
  for (const name of readdirSync(LOCKS)) if (/^\d+$/.test(name)) bury(name, clearUp);
  for (let number = FIRST; number <= LAST; number += 1) {
    const lock = join(LOCKS, String(number));
    const prefix = `10.${number}`;
    if (!take(lock)) continue;
    const free = () => rmSync(lock, { recursive: true, force: true });
    if (!isInUse(prefix))
      return { number, prefix, note: (folder) => writeFileSync(join(lock, 'folder'), folder), free };
    free();
  }
  throw new Error(`No free addresses in 10.${FIRST}.0.0 - 10.${LAST}.255.255; see ${LOCKS}`);
}

/** Clears up after an owner that died without. */
function bury(number: string, clearUp: (prefix: string, folder: string) => void): void {
  const lock = join(LOCKS, number);
  if (ownerLives(lock)) return;
  // Only one process can rename it away; whoever can't leaves the rest to the one who did.
  const grave = `${lock}.${process.pid}`;
  try {
    renameSync(lock, grave);
  } catch {
    return;
  }
  // Between the look and the renaming somebody else may have been as far, and a new owner have come.
  if (ownerLives(grave)) {
    renameSync(grave, lock);
    return;
  }
  clearUp(`10.${number}`, read(join(grave, 'folder')) ?? '');
  rmSync(grave, { recursive: true, force: true });
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
  } catch {
    return false;
  }
  writeFileSync(join(lock, 'owner'), `${process.pid} ${startOf(process.pid)}`);
  return true;
}

function ownerLives(lock: string): boolean {
  const owner = read(join(lock, 'owner'));
  // Its maker may not have come to write it yet.
  if (owner === undefined || owner === '') return ageOf(lock) < 10_000;
  const [pid = '', start] = owner.split(' ');
  return startOf(Number(pid)) === start;
}

/** When a process began, in the kernel's ticks: a number given to another process does not deceive. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function isInUse(prefix: string): boolean {
  const routes = JSON.parse(execFileSync('ip', ['-json', '-4', 'route'], { encoding: 'utf8' })) as {
    dst: string;
  }[];
  const number = Number(prefix.split('.')[1]);
  return routes.some(({ dst }) => {
    const [first, second] = dst.split('.').map(Number);
    if (first !== 10) return false;
    const bits = Number(dst.split('/')[1] ?? 32);
    // A wider route covers several of ours.
    const span = 2 ** Math.max(0, 16 - bits);
    return number >= second! && number < second! + span;
  });
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
