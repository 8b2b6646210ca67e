import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOn, share, type Weights } from '../../../src/release/color.ts';
import { RequestsFollow } from '../../../src/target/docker/following.ts';

/** What is made of what a proxy has given blue and green, since it started: as it was told, then at each look. */
async function looks(weights: Weights, ...counts: readonly (readonly [number, number])[]) {
  let at = 0;
  const follow = new RequestsFollow(() => {
    const [blue, green] = counts[at++]!;
    return Promise.resolve({ blue, green });
  });
  await follow.told(weights);
  const seen = [];
  while (at < counts.length) seen.push(await follow.look());
  return seen;
}
const verdicts = async (...args: Parameters<typeof looks>) =>
  (await looks(...args)).map(({ follows }) => follows);

test('requests on the new color, and none on the old one, since it was told', async () => {
  assert.deepEqual(await verdicts(allOn('green'), [500, 0], [500, 3]), [true]);
  assert.deepEqual(await verdicts(allOn('green'), [500, 7], [500, 7], [500, 8], [500, 8]), [
    'unknown',
    true,
    true,
  ]);
});

test('users who stay on the old color are seen, few or many, and it stays seen', async () => {
  assert.deepEqual(await verdicts(allOn('green'), [500, 7], [501, 7], [501, 7], [501, 7]), [
    false,
    false,
    false,
  ]);
  const [first] = await looks(allOn('green'), [500, 7], [742, 7]);
  assert.equal(
    first?.detail,
    'it was told blue 0 %, green 100 %, and has given blue 242 and green 0 requests since',
  );
});

test('some who stay are seen as long as they come', async () => {
  assert.deepEqual(await verdicts(allOn('green'), [500, 0], [510, 90], [520, 180], [520, 270]), [
    'partly',
    'partly',
    true,
  ]);
});

test('a proxy that began anew counts from there', async () => {
  assert.deepEqual(await verdicts(allOn('blue'), [500, 900], [3, 0], [5, 0]), [true, true]);
  assert.deepEqual(await verdicts(allOn('blue'), [500, 900], [0, 3]), [false]);
});

test('what is told once more does not forget', async () => {
  const counts = [
    { blue: 10, green: 0 },
    { blue: 20, green: 0 },
    { blue: 20, green: 0 },
  ].values();
  const follow = new RequestsFollow(() => Promise.resolve(counts.next().value!));
  assert.deepEqual(await follow.look(), { follows: 'unknown' }, 'nothing was told yet');
  await follow.told(allOn('green'));
  assert.equal((await follow.look()).follows, false);
  await follow.told(allOn('green'));
  assert.equal((await follow.look()).follows, false);
});

test('a share that nobody gets is odd once it is beyond chance, and no verdict: clients may stay with their color', async () => {
  const of = share('green', 5);
  assert.deepEqual(await looks(of, [0, 0], [100, 0], [279, 0]), [
    { follows: 'unknown' },
    { follows: 'unknown' },
  ]);
  const [odd] = await looks(of, [0, 0], [280, 0]);
  assert.match(odd?.detail ?? '', /told blue 95 %, green 5 %, and has given blue 280 and green 0/);
  assert.deepEqual(await looks(of, [0, 0], [280, 1]), [{ follows: true }]);
});
