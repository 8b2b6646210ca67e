import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createReport, type ReportOptions } from '../../../src/report/reporters.ts';
import { captureLog } from './capture.ts';
import { context } from './runs.ts';
import { stories } from './stories.ts';

export const TOKEN = 'ghs_0123456789abcdef';

/** A runner's files, and the environment that names them, for the length of a test. */
export async function runner(t: TestContext) {
  const temp = await mkdtemp(join(tmpdir(), 'report-'));
  const files = { GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary') };
  const before = { ...process.env };
  for (const [name, path] of Object.entries(files)) {
    await writeFile(path, '');
    process.env[name] = path;
  }
  t.after(async () => {
    process.env = before;
    await rm(temp, { recursive: true, force: true });
  });
  const read = (name: keyof typeof files) => readFile(files[name], 'utf8');
  return {
    temp,
    files,
    summary: () => read('GITHUB_STEP_SUMMARY'),
    /** As the runner reads its file of `name<<delimiter` blocks. */
    outputs: async () =>
      Object.fromEntries(
        [...(await read('GITHUB_OUTPUT')).matchAll(/^(\S+)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(
          ([, name, , value]) => [name, value],
        ),
      ) as Record<string, string>,
  };
}

export const options = (temp: string, changes: Partial<ReportOptions> = {}): ReportOptions => ({
  request: {
    operation: 'deploy',
    reason: `because ${TOKEN}`,
    force: false,
    imageTag: 'v2',
    githubToken: TOKEN,
  },
  environment: { app: 'storefront', name: 'production', url: 'https://shop.example.com' },
  context,
  targetDescription: 'ECS us-east-1/production',
  temp,
  ...changes,
});

/** Plays a story to a report, to its end. */
export async function play(
  t: TestContext,
  name: keyof typeof stories | 'nothing',
  changes: Partial<ReportOptions> = {},
) {
  const files = await runner(t);
  const log = captureLog(t);
  const report = createReport(options(files.temp, changes));
  for (const event of name === 'nothing' ? [] : stories[name]()) report.listener(event);
  await report.finish();
  return { files, log };
}
