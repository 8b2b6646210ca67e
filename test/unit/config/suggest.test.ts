import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggest } from '../../../src/config/suggest.ts';

const KEYS = ['url', 'ecs', 'health', 'smoke', 'shift', 'identity', 'stabilize', 'retire', 'lock', 'slack'];
const MORE = ['desired-count', 'preview-priority', 'stable-for', 'timeout', 'target-groups'];

const TABLE: [string, readonly string[], string | undefined][] = [
  ['retires', KEYS, 'retire'],
  ['helath', KEYS, 'health'],
  ['stabilise', KEYS, 'stabilize'],
  ['SMOKE', KEYS, 'smoke'],
  ['smoke-tests', KEYS, 'smoke'],
  ['ident', KEYS, 'identity'],
  ['uri', KEYS, 'url'],
  ['desiredCount', MORE, 'desired-count'],
  ['stable_for', MORE, 'stable-for'],
  ['TargetGroups', MORE, 'target-groups'],
  ['time-out', MORE, 'timeout'],
  ['replicas', KEYS, undefined],
  ['x', KEYS, undefined],
  ['', KEYS, undefined],
  ['__proto__', KEYS, undefined],
  ['retire'.repeat(100_000), KEYS, undefined],
  ['retire', [], undefined],
];
for (const [given, candidates, expected] of TABLE)
  test(`${given.slice(0, 20)} -> ${expected}`, () => assert.equal(suggest(given, candidates), expected));
