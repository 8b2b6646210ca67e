import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml, pathsOf, withMissing } from '../../../src/target/ecs/raw-xml.ts';

test('paths are those of a request: lists and maps numbered, entities read, empty elements left out', () => {
  const xml = `<?xml version="1.0"?>
<Actions xmlns="http://x/"><member><Type>a &lt;b&gt; &#233;&#x41;</Type><Empty/><None></None>
  <Map><entry><key>k</key><value>v &amp; w</value></entry><entry><key>l</key><value>x</value></entry></Map>
</member><member><Order>2</Order></member></Actions>`;
  assert.deepEqual(Object.fromEntries(pathsOf(parseXml(xml).children[0]!)), {
    'member.1.Type': 'a <b> éA',
    'member.1.Map.entry.1.key': 'k',
    'member.1.Map.entry.1.value': 'v & w',
    'member.1.Map.entry.2.key': 'l',
    'member.1.Map.entry.2.value': 'x',
    'member.2.Order': '2',
  });
});

test('only what the request lacks is added to it', () => {
  const known = new Map([
    ['member.1.Weight', '0'],
    ['member.1.New', 'a & b=ü'],
  ]);
  const body = withMissing('Action=ModifyRule&Actions.member.1.Weight=100', 'Actions', known);
  assert.deepEqual(
    [...new URLSearchParams(body)],
    [
      ['Action', 'ModifyRule'],
      ['Actions.member.1.Weight', '100'],
      ['Actions.member.1.New', 'a & b=ü'],
    ],
  );
});
