import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, fillNames, fillPattern } from '../../../src/config/template.ts';

const values = { color: 'green', imageTag: 'v1.4-2' };

const TABLE: [string, string][] = [
  ['https://{color}.shop.example.com/{image-tag}', 'https://green.shop.example.com/v1.4-2'],
  ['{color}{color}', 'greengreen'],
  ['{"ok":true}', '{"ok":true}'],
  ['{{color}}', '{green}'],
  ['{ color } {Color} {colour} {} {image_tag}', '{ color } {Color} {colour} {} {image_tag}'],
  ['{app} {environment}', '{app} {environment}'],
  ['{constructor} {__proto__}', '{constructor} {__proto__}'],
];
for (const [text, filled] of TABLE) test(`fill ${text}`, () => assert.equal(fill(text, values), filled));

test('what is filled in is not looked at again, and has no special characters', () => {
  assert.equal(fill('{color} {image-tag}', { color: '{image-tag}', imageTag: '$&$1' }), '{image-tag} $&$1');
});

test('fillNames leaves what is not known yet', () => {
  const names = { app: 'shop', environment: 'production' };
  assert.equal(fillNames('{app}-{environment}-{color} {"a":1}', names), 'shop-production-{color} {"a":1}');
});

test('in a pattern, a tag matches itself only', () => {
  for (const flags of ['', 'i', 'u']) {
    for (const imageTag of ['v1.4-2', 'a+b', 'sha256:0f', '(x', '$^', 'a/b']) {
      const plain = new RegExp(fillPattern('^"{image-tag}"$', { color: 'blue', imageTag }), flags);
      assert.ok(plain.test(`"${imageTag}"`), String(plain));
    }
  }
  const pattern = new RegExp(fillPattern('^{image-tag}$', values));
  assert.equal(pattern.test('v1x4-2'), false);
  const inClass = new RegExp(fillPattern('^[{image-tag}]+$', values));
  assert.ok(inClass.test('v-2') && !inClass.test('3'));
});
