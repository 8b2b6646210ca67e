import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { DeployError } from '../../../src/errors.ts';
import { readInputs } from '../../../src/inputs.ts';
import { reportRefusal } from '../../../src/report/refusal.ts';
import { runner } from './runner-files.ts';

const error = new DeployError('config has 2 problems: 1, 2', { code: 'config-invalid', hint: 'Mend them.' });
const request = readInputs({
  INPUT_ENVIRONMENT: 'production',
  'INPUT_IMAGE-TAG': 'v2',
  'INPUT_GITHUB-TOKEN': 'problems: 1',
});

test('a refused run sets every output that action.yml names, and leaves a report', async (t) => {
  const { outputs, temp } = await runner(t);
  const env = { ...process.env, RUNNER_TEMP: temp };
  await reportRefusal({ error, request, startedAt: Date.now() - 3_400, env });
  const { report = '', 'duration-seconds': seconds, ...others } = await outputs();
  assert.ok(Number(seconds) >= 3, seconds);
  const { outputs: promised } = parse(await readFile('action.yml', 'utf8'));
  const names = Object.keys(promised).filter((name) => !['report', 'duration-seconds'].includes(name));
  assert.deepEqual(others, { ...Object.fromEntries(names.map((name) => [name, ''])), result: 'failed' });
  const told = JSON.parse(await readFile(report, 'utf8'));
  assert.deepEqual(
    [told.result, told.error.code, told.error.hint, told.run.environment, told.run.imageTag, told.steps],
    ['failed', 'config-invalid', 'Mend them.', 'production', 'v2', []],
  );
  assert.equal(told.summary, 'config has 2 ***, 2', 'secrets are taken out');
});

test('where the inputs are wrong, and no report can be written, the outputs are set all the same', async (t) => {
  const { outputs, temp } = await runner(t);
  const env = { ...process.env, RUNNER_TEMP: `${temp}/nowhere` };
  await reportRefusal({ error, request: undefined, startedAt: Date.now(), env });
  const { result, report } = await outputs();
  assert.deepEqual([result, report], ['failed', '']);
});

test('what a run has set already stays', async (t) => {
  const { files, outputs, temp } = await runner(t);
  await appendFile(files.GITHUB_OUTPUT, 'result<<x\ndeployed\nx\nlive-color<<x\ngreen\nx\n');
  await reportRefusal({ error, request, startedAt: 0, env: { ...process.env, RUNNER_TEMP: temp } });
  assert.deepEqual(await outputs(), { result: 'deployed', 'live-color': 'green' });
});
