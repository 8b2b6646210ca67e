import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptOf, type LockedDriven } from '../../../src/release/driven/attempt.ts';
import { prove } from '../../../src/release/driven/drive.ts';
import { undo } from '../../../src/release/driven/undo.ts';
import type { Journal } from '../../../src/release/journal.ts';
import { TransientError } from '../../../src/target/target.ts';
import { VirtualClock } from './fake-target.ts';

const JOURNAL: Journal = {
  operation: 'deploy',
  phase: 'staging',
  from: 'blue',
  image: 'shop:v2',
  imageTag: 'v2',
  release: 'shop:8',
  parkedRelease: 'shop:7',
  parkedCount: 0,
  scaling: { blue: '', green: '' },
};

/** On a platform that does not show yet what it was asked for. */
function sessionOn() {
  const calls: string[] = [];
  const session = {
    clock: new VirtualClock(),
    signal: new AbortController().signal,
    emit: () => {},
    lease: { fence: () => Promise.resolve() },
    target: {
      newest: () => Promise.resolve(undefined),
      journal: {
        clear: () => {
          calls.push('journal clear');
          return Promise.resolve();
        },
      },
    },
  };
  return { session: session as unknown as LockedDriven, calls };
}

test('cancelled right after the platform was asked to deploy: the post step still finds what it began', async () => {
  const { session, calls } = sessionOn();
  const attempt = { ...attemptOf(JOURNAL), asked: true };
  assert.equal(await undo(session, attempt, { urgent: true }), 'under-way');
  assert.deepEqual(calls, []);
});

test('what was never asked for is forgotten', async () => {
  const { session, calls } = sessionOn();
  assert.equal(await undo(session, attemptOf(JOURNAL), { urgent: true }), 'nothing-begun');
  assert.deepEqual(calls, ['journal clear']);
});

test('after the smoke tests, a platform that throttles has said nothing against the release', async () => {
  const { session } = sessionOn();
  let left = 3;
  const rollout = { state: 'under-way', weights: { blue: 100, green: 0 }, color: 'green', told: '' };
  const observe = () => {
    left -= 1;
    return left >= 0 ? Promise.reject(new TransientError('Rate exceeded')) : Promise.resolve(rollout);
  };
  const checks = { smokeTests: 0, canIdentify: false };
  const throttled = { ...session, checks, target: { ...session.target, observe } };
  await prove(throttled as unknown as LockedDriven, attemptOf({ ...JOURNAL, rollout: 'r-1' }));
  assert.equal(left, -1);
});
