import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, docker, ecs, ecsOf, load, loadDocker, loadText, refusal } from './helper.ts';

/** The config may come from whoever may open a pull request. */

test('keys of Object.prototype are keys like others', async () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
  const keys = Object.fromEntries(names.map((name) => [name, { polluted: true }]));
  const found = await complaints(load(keys, { images: { constructor: 'r.io/x' } }));
  assert.equal(found.length, names.length);
  for (const [i, name] of names.entries())
    assert.ok(found[i]!.startsWith(`${name} is an unknown key`), found[i]);
  const loaded = await load({}, { images: { constructor: 'r.io/x' } });
  assert.deepEqual(Object.entries(ecsOf(loaded).images), [['constructor', 'r.io/x']]);
});

test('__proto__ is no key, wherever it stands', async () => {
  const valid = JSON.stringify(ecs);
  for (const config of [
    `__proto__: {}\napp: a\nenvironments: { production: { ecs: ${valid} } }`,
    `app: a\ndefaults: { "__proto__": { url: x } }\nenvironments: { production: { ecs: ${valid} } }`,
    `app: a\nenvironments:\n  __proto__: { ecs: ${valid} }\n  production: { ecs: ${valid} }`,
    `app: a\nenvironments: { production: { health: { __proto__: { timeout: 1s } }, ecs: ${valid} } }\n`,
  ]) {
    const { message } = await refusal(loadText(config));
    assert.match(message, /`__proto__` can not be a key/);
  }
  assert.equal(({} as Record<string, unknown>)['url'], undefined);
});

test('defaults that are merged many times do not multiply', async () => {
  const environments = Array.from({ length: 300 }, (_, i) => `  e${i}: { ecs: *e }`).join('\n');
  const config = `app: a\ndefaults: { smoke: [${'{ path: x }, '.repeat(20)}] }\nenvironments:\n  production: { ecs: &e ${JSON.stringify(ecs)} }\n${environments}\n`;
  const began = performance.now();
  const { message } = await refusal(loadText(config));
  assert.ok(performance.now() - began < 10_000);
  assert.ok(message.length < 5000, message);
});

test('no message is long, however much is wrong', async () => {
  const keys = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key-${'x'.repeat(500)}${i}`, i]));
  const { message } = await refusal(load(keys));
  assert.match(message, /^config has 500 problems:/);
  assert.match(message, /\n {2}and 450 more\.$/);
  assert.ok(message.length < 20_000, String(message.length));
});

test('values are cut, on one line, and without control characters', async () => {
  const nasty = [`${'y'.repeat(1_000_00)}`, 'a\n::error::b', 'a\u001b[31mred', '\u0000', '😀'.repeat(100)];
  for (const value of nasty) {
    for (const found of [
      await complaints(load({ url: value })),
      await complaints(load({ shift: value })),
      await complaints(load({ [value]: 1 })),
      await complaints(load({ lock: { [value]: 1 } })),
      await complaints(load({ smoke: [{ path: '/', headers: { [value]: 'x', [`${value} `]: 'x' } }] })),
    ])
      for (const line of found) {
        assert.ok(line.length < 400, line);
        assert.doesNotMatch(line, /\p{Cc}/u);
        assert.ok(line.isWellFormed());
      }
  }
});

test('patterns take no time over long values', async () => {
  const began = performance.now();
  for (const value of [
    `${'a-'.repeat(20_000)}!`,
    `${'a/'.repeat(20_000)}!`,
    `${'a'.repeat(50_000)}!`,
    `/${'('.repeat(5000)}/`,
  ])
    await refusal(
      load(
        {
          url: value,
          identity: { header: value, value },
          smoke: [{ path: value, body: `/${value}(/`, run: `${value}|` }],
        },
        { image: value, cluster: value, listeners: [value], images: { [value]: value }, region: value },
      ),
    );
  for (const value of [
    `${'a-'.repeat(20_000)}!`,
    `${'/a'.repeat(20_000)}/..`,
    `${'a ssh-rsa '.repeat(20_000)}\n`,
    `${'../'.repeat(20_000)}`,
  ])
    await refusal(
      loadDocker({
        ...{ host: `ssh://${value}`, 'known-hosts': value, 'identity-file': value, compose: value },
        ...{ service: value, network: value, aliases: { blue: value, green: value } },
        proxy: {
          haproxy: { socket: value, map: value, container: value, key: value, backends: value },
          caddy: { flags: value, flag: value, admin: value },
          alias: { name: value },
        },
      }),
    );
  assert.ok(performance.now() - began < 10_000);
});

const proxyKeys = {
  haproxy: ['socket', 'map', 'container', 'key', 'backends'],
  caddy: ['flags', 'flag', 'container', 'admin'],
  alias: ['name', 'dns-ttl'],
};

test('any kind of value in any place is refused or accepted, never a crash', async () => {
  const values = [
    null,
    true,
    0,
    -1,
    1.5,
    '',
    'x',
    [],
    [null],
    {},
    { x: null },
    [[]],
    [{ path: null }],
    Number.MAX_VALUE,
  ];
  const sections = [
    'url',
    'ecs',
    'health',
    'smoke',
    'shift',
    'identity',
    'stabilize',
    'retire',
    'lock',
    'slack',
    'docker',
  ];
  for (const section of sections)
    for (const value of values) {
      await load({ [section]: value }).catch((error) =>
        assert.equal(error.code, 'config-invalid', error.stack),
      );
      await load({
        [section]: { for: value, on: value, keep: value, path: value, services: value, probe: value },
      }).catch((error) => assert.equal(error.code, 'config-invalid', error.stack));
    }
  for (const key of Object.keys(ecs))
    for (const value of values)
      await load({}, { [key]: value }).catch((error) =>
        assert.equal(error.code, 'config-invalid', error.stack),
      );
  const proxies = Object.keys(proxyKeys);
  for (const value of [...values, 'ssh://', 'ssh://[', ...proxies.map((proxy) => ({ [proxy]: {} }))])
    for (const key of ['host', 'known-hosts', 'identity-file', 'engine', 'compose', ...Object.keys(docker)])
      await loadDocker({ [key]: value }).catch((error) =>
        assert.equal(error.code, 'config-invalid', error.stack),
      );
  for (const [proxy, keys] of Object.entries(proxyKeys))
    for (const key of keys)
      for (const value of values)
        await loadDocker({ proxy: { [proxy]: { [key]: value } } }).catch((error) =>
          assert.equal(error.code, 'config-invalid', error.stack),
        );
  for (const value of values)
    for (const key of ['app', 'defaults', 'environments']) {
      const file = { app: 'a', environments: { production: { ecs } }, [key]: value };
      await loadText(JSON.stringify(file, null, 1)).catch((error) =>
        assert.equal(error.code, 'config-invalid', error.stack),
      );
    }
});

test('.inf and .nan are no numbers', async () => {
  const config = (value: string) =>
    `app: a\nenvironments: { production: { retire: { keep: ${value} }, ecs: ${JSON.stringify(ecs)} } }\n# x\n`;
  for (const value of ['.inf', '.nan', '1e400', '0x10000', '-0.5'])
    assert.match(
      (await complaints(loadText(config(value))))[0]!,
      /^retire\.keep is .*: write a whole number/,
    );
});
