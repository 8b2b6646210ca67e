import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseNotes } from '../../../scripts/release.ts';

const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-11-23\n\n### Added\n\n- This.\n\n## 1.1.0\n\n- That.\n';

test('the notes are the section of exactly that version', () => {
  assert.equal(releaseNotes('1.2.0', '1.2.0', CHANGELOG), '### Added\n\n- This.');
  assert.equal(releaseNotes('1.1.0', '1.1.0', CHANGELOG), '- That.');
});

for (const [what, version, packageVersion, changelog, message] of [
  ['a version with a v', 'v1.2.0', '1.2.0', CHANGELOG, /without a v/],
  ['another version than package.json', '1.2.0', '1.1.0', CHANGELOG, /package\.json says 1\.1\.0/],
  ['a version without a section', '1.3.0', '1.3.0', CHANGELOG, /no section "## 1\.3\.0/],
  [
    'changes left under Unreleased',
    '1.2.0',
    '1.2.0',
    CHANGELOG.replace('Unreleased\n', 'Unreleased\n\n- More.\n'),
    /Unreleased/,
  ],
] as const)
  test(`${what} can't be released`, () => {
    assert.throws(() => releaseNotes(version, packageVersion, changelog), message);
  });
