/**
 * Whether this tree can be released as a version, and what its release notes are.
 *
 * Usage: node scripts/release.ts VERSION
 * Prints the version's section of CHANGELOG.md; exits 1 and says what is missing when it can't be released.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The notes of a release.
 * @throws Error that says what to do before it can be released
 */
export function releaseNotes(version: string, packageVersion: string, changelog: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(`${version} is no version: write it as 1.2.0, without a v.`);
  if (version !== packageVersion)
    throw new Error(
      `package.json says ${packageVersion}: set it to ${version}, and build dist/, which shows it.`,
    );
  const sections = changelog.split(/^## /m).slice(1);
  const section = (name: string) => sections.find((text) => text.split(/\s/, 1)[0] === name);
  const notes = section(version)?.split('\n').slice(1).join('\n').trim();
  if (notes === undefined || notes === '')
    throw new Error(
      `CHANGELOG.md has no section "## ${version} - <date>": move what is under Unreleased there.`,
    );
  const left = section('Unreleased')?.split('\n').slice(1).join('').trim();
  if (left)
    throw new Error('CHANGELOG.md still has changes under Unreleased: they are in this release, too.');
  return notes;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const read = (path: string) => readFileSync(resolve(import.meta.dirname, '..', path), 'utf8');
  try {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    process.stdout.write(`${releaseNotes(process.argv[2] ?? '', version, read('CHANGELOG.md'))}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
