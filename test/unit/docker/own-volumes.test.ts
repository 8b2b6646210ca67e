import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Color } from '../../../src/release/color.ts';
import type { ComposeConfig } from '../../../src/target/docker/compose-config.ts';
import { ComposeFile } from '../../../src/target/docker/compose-file.ts';
import { ownVolumeNotes } from '../../../src/target/docker/own-volumes.ts';

/** What Compose would make of a file that is written in its long form already. */
function resolved(text: string, color: Color): ComposeConfig {
  const config = parse(text.replaceAll(`\${COLOR}`, color)) as ComposeConfig;
  const volumes = Object.entries(config.volumes ?? {}).map(([key, one]) => [
    key,
    { ...one, name: one?.name ?? `shop-test-${color}_${key}` },
  ]);
  return { ...config, name: `shop-test-${color}`, volumes: Object.fromEntries(volumes) };
}

const notes = (text: string) =>
  ownVolumeNotes({
    settings: { service: 'web', network: 'edge' },
    file: new ComposeFile('compose.yml', '/w/compose.yml', text),
    configs: { blue: resolved(text, 'blue'), green: resolved(text, 'green') },
    images: { blue: 'repo/shop:v2', green: 'probe:v2' },
    color: 'green',
    replicas: 1,
  });

const mounting = (mount: string, rest: string) =>
  `services:\n  web:\n    image: x\n    volumes:\n      - { ${mount} }\n${rest}`;
const DATA = 'type: volume, source: data, target: /app/data';

test('A volume that users’ data are in would be another one after each switch', () => {
  const [note, ...others] = notes(mounting(DATA, 'volumes:\n  data: {}\n'));
  assert.deepEqual(others, []);
  assert.match(
    note ?? '',
    /^The volume data \(compose\.yml:7\), which is written to by web at \/app\/data, is/,
  );
  assert.match(note ?? '', /shop-test-blue_data and shop-test-green_data/);
  assert.match(note ?? '', /is not there after it, and an older copy comes back/);
  assert.match(note ?? '', /`x-blue-green: \{ accept: \[data\] \}` to compose\.yml/);
});

test('Once for each volume, whoever mounts it', () => {
  const file = mounting(
    DATA,
    `  jobs:\n    image: x\n    volumes: [{ ${DATA} }]\nvolumes:\n  data: {}\n  other: {}\n`,
  );
  const told = notes(file);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /by web at \/app\/data and jobs at \/app\/data/);
});

for (const [name, file] of Object.entries({
  'read-only': mounting(`${DATA}, read_only: true`, 'volumes:\n  data: {}\n'),
  'one for both': mounting(DATA, 'volumes:\n  data: { name: shop-data }\n'),
  external: mounting(DATA, `volumes:\n  data: { name: "data-\${COLOR}", external: true }\n`),
  'accepted by its key': mounting(DATA, 'volumes:\n  data: {}\nx-blue-green: { accept: [data] }\n'),
  'accepted by its service': mounting(DATA, 'volumes:\n  data: {}\nx-blue-green: { accept: [web] }\n'),
  'a folder of the host': mounting('type: bind, source: /srv, target: /srv', ''),
  'without a name at all': mounting('type: volume, target: /scratch', ''),
  'a database, which is refused': `services:\n  web: { image: x }\n  db:\n    image: postgres:16\n    volumes: [{ ${DATA} }]\nvolumes:\n  data: {}\n`,
}))
  test(`No note of a volume: ${name}`, () => assert.deepEqual(notes(file), []));
