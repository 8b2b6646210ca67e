import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isImage, tagOf } from '../../../src/release/image.ts';

const DIGEST = `sha256:${'a1'.repeat(32)}`;
const OTHER = `sha256:${'b2'.repeat(32)}`;
const REPOSITORY = 'localhost:5000/acme/shop';
const BOTH = `${REPOSITORY}:v2@${DIGEST}`;

const tags: [string, string][] = [
  [`${REPOSITORY}:v2`, 'v2'],
  [BOTH, 'v2'],
  [`${REPOSITORY}@${DIGEST}`, DIGEST],
  [REPOSITORY, 'latest'],
  ['shop', 'latest'],
  ['shop:v1.4.2', 'v1.4.2'],
];
for (const [image, tag] of tags) test(`the tag of ${image}`, () => assert.equal(tagOf(image), tag));

const all = [`${REPOSITORY}:v2`, `${REPOSITORY}@${DIGEST}`, BOTH];
/** What the user may write, and which of `all` is meant by it. */
const meant: [string, boolean[]][] = [
  ['v2', [true, false, true]],
  ['v1', [false, false, false]],
  ['v', [false, false, false]],
  ['latest', [false, false, false]],
  [DIGEST, [false, true, true]],
  [OTHER, [false, false, false]],
  [`${REPOSITORY}:v2`, [true, false, true]],
  [`${REPOSITORY}:v1`, [false, false, false]],
  ['localhost:5000/acme/other:v2', [false, false, false]],
  ['acme/shop:v2', [false, false, false]],
  [`${REPOSITORY}@${DIGEST}`, [false, true, true]],
  [`${REPOSITORY}@${OTHER}`, [false, false, false]],
  [BOTH, [false, false, true]],
  [`${REPOSITORY}:v1@${DIGEST}`, [false, false, false]],
  [`${REPOSITORY}:v2@${OTHER}`, [false, false, false]],
  // A repository alone names no release.
  [REPOSITORY, [false, false, false]],
];
for (const [wanted, expected] of meant)
  test(`${wanted} means`, () =>
    assert.deepEqual(
      all.map((image) => isImage(image, wanted)),
      expected,
    ));

test('an image without a tag is latest', () => {
  assert.equal(isImage('shop', 'latest'), true);
  assert.equal(isImage('shop', 'shop'), true);
  assert.equal(isImage(`shop@${DIGEST}`, 'latest'), false);
});
