import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Color } from '../../../src/release/color.ts';
import type { ComposeConfig } from '../../../src/target/docker/compose-config.ts';
import { type EngineFacts, publishedPorts } from '../../../src/target/docker/compose-facts.ts';
import { ComposeFile } from '../../../src/target/docker/compose-file.ts';
import { findOverlaps } from '../../../src/target/docker/overlap.ts';
import type { Overlap } from '../../../src/target/docker/overlap-subject.ts';

const IMAGES = { blue: 'repo/shop:v2', green: 'probe:v2' };

/** What Compose would make of a file that is written in its long form already. */
function resolved(text: string, color: Color): ComposeConfig {
  const filled = text.replaceAll(`\${IMAGE}`, IMAGES[color]).replaceAll(`\${COLOR}`, color);
  const config = parse(filled) as ComposeConfig;
  const named = (kind: 'networks' | 'volumes') =>
    Object.fromEntries(
      Object.entries(config[kind] ?? {}).map(([key, one]) => [
        key,
        { ...one, name: one?.name ?? `shop-test-${color}_${key}` },
      ]),
    );
  return { ...config, name: `shop-test-${color}`, networks: named('networks'), volumes: named('volumes') };
}

const network = (name: string, more = {}) =>
  [name, { name, scope: 'local', attachable: false, labels: {}, ...more }] as const;

const nothing: EngineFacts = { containers: [], networks: new Map([network('edge')]), volumes: new Set() };

function find(text: string, facts: Partial<EngineFacts> = {}, more: Partial<Overlap> = {}) {
  return findOverlaps({
    settings: { service: 'web', network: 'edge' },
    file: new ComposeFile('compose.yml', '/w/compose.yml', text),
    configs: { blue: resolved(text, 'blue'), green: resolved(text, 'green') },
    images: IMAGES,
    color: 'green',
    replicas: 1,
    facts: { ...nothing, ...facts },
    ...more,
  });
}

const WEB = `services:\n  web:\n    image: \${IMAGE}\n`;

test('A plain file has no problems, on either color', () => {
  assert.deepEqual(find(WEB), []);
  assert.deepEqual(find(WEB, {}, { color: 'blue' }), []);
});

/** Each with a part of the message, a part of what to do, and whether `force` goes on. */
const CASES: readonly {
  readonly name: string;
  readonly file: string;
  readonly says: RegExp;
  readonly fix: RegExp;
  readonly forceable?: boolean;
  readonly facts?: Partial<EngineFacts>;
  readonly more?: Partial<Overlap>;
}[] = [
  {
    name: 'the service is misspelt',
    file: `services:\n  webb:\n    image: \${IMAGE}\n  db:\n    image: x\n`,
    says: /^compose\.yml has no service web:/,
    fix: /`service: webb`/,
  },
  {
    name: 'the service is in a profile',
    file: `services:\n  other:\n    image: \${IMAGE}\n`,
    more: {
      file: new ComposeFile('compose.yml', '', `${WEB}    profiles: [live]\n`),
    },
    says: /Service web \(compose\.yml:4\) is in a profile that is not active/,
    fix: /COMPOSE_PROFILES/,
  },
  {
    name: 'the image is always the same',
    file: 'services:\n  web:\n    image: repo/shop:latest\n',
    says: /web \(compose\.yml:3\) runs repo\/shop:latest, and not the image that is deployed/,
    fix: /`image: \$\{IMAGE\}`/,
  },
  {
    name: 'the image happens to be the one that is deployed',
    file: 'services:\n  web:\n    image: repo/shop:v2\n',
    says: /not the image that is deployed/,
    fix: /\$\{IMAGE\}/,
  },
  {
    name: 'the tag of another repository',
    file: 'services:\n  web:\n    image: repo/other:v2\n',
    more: { byTag: 'repo/other:blue-green-probe' },
    says: /runs repo\/other:v2, and not the image that is deployed/,
    fix: /\$\{IMAGE\}/,
  },
  {
    name: 'a tag where a digest is deployed',
    file: 'services:\n  web:\n    image: repo/shop:v2\n',
    more: {
      byTag: 'repo/shop:blue-green-probe',
      images: { blue: `repo/shop:v2@sha256:${'a'.repeat(64)}`, green: 'probe:v2' },
    },
    says: /web \(compose\.yml:3\) takes its image by IMAGE_TAG, and this deployment names it by its digest/,
    fix: /`image: \$\{IMAGE\}` there.* Or deploy by a tag alone/,
  },
  {
    name: 'there is only a build',
    file: 'services:\n  web:\n    build: .\n',
    says: /Service web \(compose\.yml:2\) has no `image:`/,
    fix: /\$\{IMAGE\}/,
  },
  {
    name: 'another service is built',
    file: `${WEB}  jobs:\n    build: .\n`,
    says: /Service jobs \(compose\.yml:5\) has `build:` but no `image:`/,
    fix: /Push its image/,
  },
  {
    name: 'the file has another number of containers',
    file: `${WEB}    deploy:\n      replicas: 3\n`,
    says: /web is to run 3 times by compose\.yml:5, but 1 times by docker\.replicas/,
    fix: /`replicas: 3` in docker/,
    forceable: true,
  },
  {
    name: 'scale is the other way to say it',
    file: `${WEB}    scale: 2\n`,
    says: /2 times by compose\.yml:4/,
    fix: /replicas: 2/,
    forceable: true,
  },
  {
    name: 'global has no number',
    file: `${WEB}    deploy:\n      mode: global\n`,
    says: /web \(compose\.yml:5\) has the mode `global`/,
    fix: /docker\.replicas/,
  },
  ...['host', 'service:db', 'none'].map((mode) => ({
    name: `network_mode ${mode}`,
    file: `${WEB}    network_mode: "${mode}"\n`,
    says: new RegExp(`web \\(compose\\.yml:4\\) has \`network_mode: ${mode}\``),
    fix: /put on the network edge for you/,
  })),
  {
    name: 'another service on the host’s network',
    file: `${WEB}  agent:\n    image: x\n    network_mode: host\n`,
    says: /agent \(compose\.yml:6\) uses the host’s network/,
    fix: /project of its own/,
    forceable: true,
  },
  {
    name: 'no such network',
    file: WEB,
    facts: { networks: new Map() },
    says: /The Docker network edge \(docker\.network\) does not exist/,
    fix: /`docker network create edge`/,
  },
  {
    name: 'a network of Swarm’s own',
    file: WEB,
    facts: { networks: new Map([network('edge', { scope: 'swarm' })]) },
    says: /for Swarm services only/,
    fix: /--attachable edge/,
  },
  {
    name: 'another external network is missing',
    file: `${WEB}networks:\n  back: { external: true, name: legacy }\n`,
    says: /external network legacy \(compose\.yml:5\) does not exist/,
    fix: /docker network create legacy/,
  },
  {
    name: 'a named network that is not Compose’s',
    file: `${WEB}networks:\n  back: { name: legacy }\n`,
    facts: { networks: new Map([network('edge'), network('legacy')]) },
    says: /network legacy \(compose\.yml:5\) exists already/,
    fix: /`external: true`/,
  },
  {
    name: 'one subnet for two networks',
    file: `${WEB}networks:\n  back: { ipam: { config: [{ subnet: 10.9.0.0/24 }] } }\n`,
    says: /network back \(compose\.yml:5\) wants the subnet 10\.9\.0\.0\/24 for each color/,
    fix: /Remove `ipam:`/,
  },
  {
    name: 'one address for two containers',
    file: `${WEB}  db:\n    image: x\n    networks:\n      edge: { ipv4_address: 10.9.0.5 }\nnetworks:\n  edge: { external: true, name: edge }\n`,
    says: /db \(compose\.yml:7\) wants the address 10\.9\.0\.5/,
    fix: /by its name, db/,
  },
  {
    name: 'a port of the service that takes the traffic',
    file: `${WEB}    ports:\n      - { target: 9, published: "99" }\n      - { target: 3000, published: "8080" }\n`,
    says: /web \(compose\.yml:6\) publishes port 8080 on the host/,
    fix: /over the network edge/,
  },
  {
    name: 'a port that both colors would need',
    file: `${WEB}  db:\n    image: x\n    ports:\n      - { target: 5432, published: "5432", host_ip: 127.0.0.1 }\n`,
    says: /db \(compose\.yml:7\) publishes port 127\.0\.0\.1:5432 on the host, which both colors would need/,
    fix: /reach it as db:5432.*`- "5432"`/,
  },
  {
    name: 'a range with too few ports',
    file: `${WEB}  db:\n    image: x\n    scale: 2\n    ports:\n      - { target: 53, published: "5000-5002", protocol: udp }\n`,
    says: /publishes port 5000-5002\/udp on the host, which both colors would need/,
    fix: /Remove it/,
  },
  {
    name: 'a port of somebody else',
    file: `${WEB}  db:\n    image: x\n    ports:\n      - { target: 1, published: "7080" }\n`,
    facts: { containers: [{ name: 'nginx', project: '', ports: publishedPorts('0.0.0.0:7080->80/tcp') }] },
    more: {
      configs: {
        blue: resolved(WEB, 'blue'),
        green: resolved(
          `${WEB}  db:\n    image: x\n    ports:\n      - { target: 1, published: "7080" }\n`,
          'green',
        ),
      },
    },
    says: /db \(compose\.yml:7\) publishes port 7080 on the host, which nginx has/,
    fix: /Remove it/,
  },
  {
    name: 'a name for both',
    file: `${WEB}    container_name: shop\n`,
    says: /web \(compose\.yml:4\) names its container shop, and both colors/,
    fix: /container_name: shop-\$\{COLOR\}/,
  },
  {
    name: 'a name for several',
    file: `${WEB}    container_name: shop-\${COLOR}\n`,
    more: { replicas: 2 },
    says: /is to run 2 times/,
    fix: /Remove that line/,
  },
  {
    name: 'a name that is taken',
    file: `${WEB}    container_name: shop-\${COLOR}\n`,
    facts: { containers: [{ name: 'shop-green', project: 'old', ports: [] }] },
    says: /there is such a container already, of the project old/,
    fix: /name that is free/,
  },
  {
    name: 'a bind mount that both write to',
    file: `${WEB}    volumes:\n      - { type: bind, source: /srv/uploads, target: /uploads }\n`,
    says: /web \(compose\.yml:5\) writes to \/srv\/uploads at \/uploads, and so would the other color/,
    fix: /accept: \[\/srv\/uploads\]/,
    forceable: true,
  },
  {
    name: 'a volume with a fixed name',
    file: `${WEB}    volumes:\n      - { type: volume, source: data, target: /data }\nvolumes:\n  data: { name: shop-data }\n`,
    says: /web \(compose\.yml:5\) writes to the volume shop-data at \/data/,
    fix: /`:ro`.*accept: \[data\]/,
    forceable: true,
  },
  {
    name: 'an external volume that is not there',
    file: `${WEB}volumes:\n  data: { external: true, name: data }\n`,
    says: /external volume data \(compose\.yml:5\) does not exist/,
    fix: /docker volume create data/,
  },
  {
    name: 'a file of the workspace on another machine',
    file: `${WEB}    volumes:\n      - { type: bind, source: /w/nginx.conf, target: /etc/nginx.conf, read_only: true }\n`,
    more: { remoteWorkspace: '/w' },
    says: /web \(compose\.yml:5\) mounts \.\/nginx\.conf of the workspace, which is not on the Docker host/,
    fix: /into the image/,
    forceable: true,
  },
  ...['secret', 'config'].map((kind) => ({
    name: `a ${kind} that is a file of the workspace, on another machine`,
    file: `${WEB}    ${kind}s: [{ source: key }]\n${kind}s:\n  key: { file: /w/conf/key }\n  unused: { file: /w/x }\n  there: { file: /etc/key }\n`,
    more: { remoteWorkspace: '/w' },
    says: new RegExp(
      `^The ${kind} key \\(compose\\.yml:6\\) of web is \\./conf/key of the workspace, which is not on the`,
    ),
    fix: /absolute path of a file on the host.*`environment:`/,
    forceable: true,
  })),
  {
    name: 'a database for each color',
    file: `${WEB}  db:\n    image: postgres:16\n    volumes:\n      - { type: volume, source: data, target: /var/lib }\nvolumes:\n  data: {}\n`,
    says: /db \(compose\.yml:4\) runs postgres:16 with data of its own for each color/,
    fix: /accept: \[db\]/,
    forceable: true,
  },
];

for (const { name, file, says, fix, forceable = false, facts, more } of CASES)
  test(`Found: ${name}`, () => {
    const found = find(file, facts, more).filter(({ message }) => says.test(message));
    assert.equal(found.length, 1, JSON.stringify(find(file, facts, more), null, 1));
    assert.match(found[0]!.fix, fix);
    assert.equal(found[0]!.forceable, forceable);
  });

/** What looks like one of those, and is none. */
const FINE: Readonly<Record<string, readonly [string, Partial<EngineFacts>?, Partial<Overlap>?]>> = {
  'a port that Docker chooses': [`${WEB}    ports:\n      - { target: 3000 }\n`],
  'ports of different addresses': [
    `${WEB}  db:\n    image: x\n    ports:\n      - { target: 1, published: "7080", host_ip: 127.0.0.1 }\n`,
    {},
    { configs: { blue: resolved(WEB, 'blue'), green: resolved(WEB, 'green') } },
  ],
  'a range with enough ports': [
    `${WEB}  db:\n    image: x\n    ports:\n      - { target: 53, published: "5000-5001" }\n`,
  ],
  'its own parked container': [
    `${WEB}    container_name: shop-\${COLOR}\n`,
    { containers: [{ name: 'shop-green', project: 'shop-test-green', ports: [] }] },
  ],
  'a volume of each color': [
    `${WEB}    volumes:\n      - { type: volume, source: data, target: /data }\nvolumes:\n  data: {}\n`,
  ],
  'read-only, anonymous, in memory, or a socket': [
    `${WEB}    volumes:
      - { type: bind, source: /srv/uploads, target: /uploads, read_only: true }
      - { type: volume, target: /anonymous }
      - { type: tmpfs, target: /tmp }
      - { type: bind, source: /var/run/docker.sock, target: /var/run/docker.sock }
`,
  ],
  'what the user accepts': [
    `${WEB}    volumes:
      - { type: bind, source: /srv/uploads, target: /uploads }
      - { type: volume, source: data, target: /data }
  db:
    image: postgres:16
volumes:
  data: { name: shop-data }
x-blue-green: { accept: [/srv/uploads, data, db] }
`,
  ],
  'one network of Compose’s for both': [
    `${WEB}networks:\n  back: { name: both }\n`,
    {
      networks: new Map([
        network('edge'),
        network('both', { labels: { 'com.docker.compose.network': 'back' } }),
      ]),
    },
  ],
  'the number of the config': [`${WEB}    deploy: { replicas: 3 }\n`, {}, { replicas: 3 }],
  'the tag of what is deployed': [
    'services:\n  web:\n    image: docker.io/repo/shop:v2\n',
    {},
    { byTag: 'docker.io/repo/shop:blue-green-probe' },
  ],
  'the name of a database in another name': [`${WEB}  api:\n    image: acme/postgres-exporter:1\n`],
};

for (const [name, [file, facts, more]] of Object.entries(FINE))
  test(`Fine: ${name}`, () => assert.deepEqual(find(file, facts, more), []));

test('Ports are read as `docker ps` writes them', () => {
  assert.deepEqual(publishedPorts('0.0.0.0:8080->80/tcp, :::8080->80/tcp, 9000/tcp'), [
    { ip: '', first: 8080, last: 8080, protocol: 'tcp' },
    { ip: '', first: 8080, last: 8080, protocol: 'tcp' },
  ]);
  assert.deepEqual(publishedPorts('127.0.0.1:9001-9003->9001-9003/udp, [::1]:53->53/udp'), [
    { ip: '127.0.0.1', first: 9001, last: 9003, protocol: 'udp' },
    { ip: '::1', first: 53, last: 53, protocol: 'udp' },
  ]);
  assert.deepEqual(publishedPorts(''), []);
});
