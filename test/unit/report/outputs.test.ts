import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { outputsOf } from '../../../src/report/outputs.ts';
import { play } from './runner-files.ts';
import { image, timelineOf } from './runs.ts';

test('all outputs are set after a good end', async (t) => {
  const { files } = await play(t, 'deployed');
  const { report, ...outputs } = await files.outputs();
  assert.deepEqual(outputs, {
    result: 'deployed',
    'live-color': 'green',
    'idle-color': 'blue',
    image: image('v2'),
    'previous-image': image('v1'),
    release: 'storefront:8',
    'previous-release': 'storefront:7',
    url: 'https://shop.example.com',
    'preview-url': '',
    'duration-seconds': '88',
  });
  assert.ok(existsSync(report!));
  assert.match(await files.summary(), /^## Deployed: storefront \/ production\n/);
});

test('all outputs are set after a failure, and live-color is true', async (t) => {
  const { files, log } = await play(t, 'refused');
  const outputs = await files.outputs();
  assert.equal(outputs['result'], 'failed');
  assert.equal(outputs['live-color'], 'blue');
  assert.equal(outputs['image'], image('v1'));
  assert.deepEqual(
    log.lines().filter((line) => line.startsWith('::error')),
    [
      '::error title=Not deployed (unhealthy)::green is not healthy: 3 of 3 tasks stopped with exit code 1%0ALook at the log of the container app: it ends with the reason.',
    ],
  );
});

test('all outputs are set when the run had no end at all', async (t) => {
  const { files } = await play(t, 'nothing');
  const outputs = await files.outputs();
  assert.equal(outputs['result'], 'failed');
  assert.deepEqual(Object.keys(outputs), Object.keys(outputsOf({}, timelineOf([]), '')));
});
