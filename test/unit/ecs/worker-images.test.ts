import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsSettings } from '../../../src/config/environment.ts';
import type { TaskDefinition } from '../../../src/target/ecs/task-definitions.ts';
import { takers, workerImages } from '../../../src/target/ecs/worker-images.ts';

const REPOSITORY = 'registry.example.com:5000/shop';
const definition = (...containerDefinitions: object[]) =>
  ({ content: { containerDefinitions } }) as unknown as TaskDefinition;
const settings = (images: Record<string, string> = {}) =>
  ({ image: REPOSITORY, images }) as unknown as EcsSettings;

/** Containers of a worker, `images`, and who gets the image; the first is the one whose log matters. */
const CASES: [string, object[], Record<string, string>, string[]][] = [
  ['the only one', [{ name: 'jobs', image: `${REPOSITORY}:v1` }], {}, ['jobs']],
  ['one by digest', [{ name: 'jobs', image: `${REPOSITORY}@sha256:0` }], {}, ['jobs']],
  ['one without a tag', [{ name: 'jobs', image: REPOSITORY }], {}, ['jobs']],
  [
    'the first essential one of several',
    [
      { name: 'migrate', image: `${REPOSITORY}:v1`, essential: false },
      { name: 'jobs', image: `${REPOSITORY}:v1`, essential: true },
      { name: 'more', image: `${REPOSITORY}:v1`, essential: true },
    ],
    {},
    ['jobs'],
  ],
  [
    'the named ones too',
    [
      { name: 'side', image: 'r.io/side:v1', essential: false },
      { name: 'jobs', image: `${REPOSITORY}:v1` },
    ],
    { side: 'r.io/side', elsewhere: 'r.io/x' },
    ['jobs', 'side'],
  ],
  ['only a named one', [{ name: 'jobs', image: 'r.io/jobs:v1' }], { jobs: 'r.io/jobs' }, ['jobs']],
  ['none', [{ name: 'jobs', image: 'r.io/shop:v1' }], {}, []],
  [
    'none, for a repository that only begins alike',
    [{ name: 'jobs', image: `${REPOSITORY}-jobs:v1` }],
    {},
    [],
  ],
];

for (const [name, containers, images, expected] of CASES)
  test(`the image goes to ${name}`, () => {
    assert.deepEqual(takers(definition(...containers), settings(images)), expected);
  });

test('named containers get their own repository with the tag, the others the very image', () => {
  const worker = definition(
    { name: 'side', image: 'r.io/side:v1', essential: false },
    { name: 'jobs', image: `${REPOSITORY}:v1` },
  );
  const request = { color: 'green', image: 'other.io/shop:v2', imageTag: 'v2' } as const;
  assert.deepEqual(
    [...workerImages(worker, settings({ side: 'r.io/side' }), request)],
    [
      ['jobs', 'other.io/shop:v2'],
      ['side', 'r.io/side:v2'],
    ],
  );
});
