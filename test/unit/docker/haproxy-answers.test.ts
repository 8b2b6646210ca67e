import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Count, meanSince } from '../../../src/target/docker/proxy/haproxy-answers.ts';
import { parseTally } from '../../../src/target/docker/proxy/haproxy-tables.ts';

const tally = (requests: number, errors = 0, meanMs = 0) => ({ requests, errors, meanMs });

test('a backend’s answers, by the names of the columns: each error once', () => {
  const text = `# pxname,svname,econ,eresp,stot,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,cli_abrt,srv_abrt,qtime,ctime,rtime,ttime,
shop,green-1,9,9,99,9,9,9,9,9,9,9,9,9,9,9,9,
shop,BACKEND,2,11,140,1,100,3,4,22,1,5,4,1,2,30,9000,
`;
  // Of `eresp`, seven were answered with 502 or 504, and the four of `srv_abrt` were cut off after a 200.
  assert.deepEqual(parseTally(text), { requests: 131, errors: 26, meanMs: 33 });
  assert.equal(parseTally(text.replace('BACKEND', 'FRONTEND')), undefined);
  assert.equal(parseTally(''), undefined);
});

test('counts from where it began, also when HAProxy begins anew', () => {
  const count = new Count(tally(1_000, 50, 20));
  assert.deepEqual(count.at(tally(1_000, 50, 20)), { requests: 0, errors: 0 });
  assert.deepEqual(count.at(tally(1_010, 53, 20)), { requests: 10, errors: 3 });
  // A new process, with 4 answers of its own.
  assert.deepEqual(count.at(tally(4, 1, 25)), { requests: 14, errors: 4, latencyMs: 25 });
  assert.deepEqual(count.at(tally(6, 1, 25)), { requests: 16, errors: 4, latencyMs: 25 });
  assert.deepEqual(count.at(tally(0, 0, 0)), { requests: 16, errors: 4 });
  assert.deepEqual(count.at(tally(2, 2, 30)), { requests: 18, errors: 6, latencyMs: 30 });
});

/** HAProxy's own arithmetic: a plain mean of the first 512 requests, then each one changes it by a 512th. */
function haproxy(latencies: readonly number[], from = tally(0)): ReturnType<typeof tally> {
  let { requests, meanMs } = from;
  for (const latency of latencies) {
    requests += 1;
    meanMs += (latency - meanMs) / Math.min(requests, 512);
  }
  return { requests, errors: 0, meanMs };
}
const rounded = (one: ReturnType<typeof tally>) => ({ ...one, meanMs: Math.floor(one.meanMs) });
const times = (count: number, latency: number) => Array.from({ length: count }, () => latency);

test('the mean of what is new, whatever it follows, and however full the window was', () => {
  for (const [before, old] of [
    [0, 0],
    [40, 2_000],
    [400, 2_000],
    [510, 3],
    [512, 2_000],
    [30_000, 2_000],
    [30_000, 1],
  ] as const)
    for (const count of [30, 60, 300, 5_000])
      for (const latency of [5, 300, 2_500]) {
        const first = haproxy(times(before, old));
        const now = haproxy(times(count, latency), first);
        const mean = meanSince(rounded(first), rounded(now));
        assert.ok(
          mean !== undefined && Math.abs(mean - latency) <= 21,
          `${count} of ${latency} ms after ${before} of ${old} ms: ${mean}`,
        );
      }
});

test('says nothing while there is too little that is new', () => {
  const first = haproxy(times(5_000, 2_000));
  assert.equal(meanSince(first, first), undefined);
  assert.equal(meanSince(first, haproxy(times(10, 5), first)), undefined);
  assert.equal(meanSince(tally(0), tally(0)), undefined);
  assert.equal(meanSince(tally(0), haproxy([700])), 700);
});
