import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExact } from '../../../src/target/docker/docker-json.ts';
import { copy, type RawContainer, recreation } from '../../../src/target/docker/recreate.ts';

const ID = 'aaaaaaaaaaaa'.padEnd(64, '0');
const VOLUME = 'b'.repeat(64);

const container = (parts: Partial<RawContainer> = {}): RawContainer => ({
  Id: ID,
  Name: '/shop-web-1',
  Image: 'sha256:1234',
  Config: { Image: 'shop:v1', Hostname: ID.slice(0, 12), Entrypoint: ['app'], Labels: { mine: 'x' } },
  HostConfig: { NetworkMode: 'edge' },
  NetworkSettings: { Networks: { edge: { NetworkID: 'n1', Aliases: ['web'] } } },
  ...parts,
});
const options = { image: 'shop:v1', ids: new Map<string, string>() };
// biome-ignore lint/suspicious/noExplicitAny: the body of an HTTP request
const bodyOf = (raw: RawContainer): any => recreation(raw, options).body;

test('what is unknown here goes back as Docker gave it, numbers and all', () => {
  const text = JSON.stringify(
    container({
      HostConfig: { NetworkMode: 'edge', Ulimits: [{ Name: 'memlock', Hard: 'HUGE', Soft: -1 }] },
    }),
  ).replace('"HUGE"', '9223372036854775807');
  const body = JSON.stringify(bodyOf(parseExact<RawContainer>(text)));
  assert.match(body, /"Hard":9223372036854775807,"Soft":-1/);
  assert.match(body, /"mine":"x"/);
  assert.match(body, /"RestartPolicy":\{"Name":"no"/);
});

test('exact JSON is as usual for everything else', () => {
  const text = '{"a":1.5,"b":[1e3,-0.25,null,true,"9223372036854775807"],"c":9007199254740991}';
  assert.deepEqual(parseExact(text), JSON.parse(text));
});

test('no entrypoint is not the image’s entrypoint', () => {
  assert.deepEqual(bodyOf(container()).Entrypoint, ['app']);
  const { Config } = container();
  assert.deepEqual(bodyOf(container({ Config: { ...Config, Entrypoint: null } })).Entrypoint, ['']);
});

test('a host name of the user’s stays, one that is the id does not', () => {
  const { Config } = container();
  assert.equal('Hostname' in bodyOf(container()), false);
  assert.equal(bodyOf(container({ Config: { ...Config, Hostname: 'web' } })).Hostname, 'web');
});

test('networks: the main one first, by its name; what Docker made up is left out', () => {
  const { body, endpoints } = recreation(
    container({
      HostConfig: { NetworkMode: 'n2' },
      NetworkSettings: {
        Networks: {
          edge: {
            NetworkID: 'n1',
            Aliases: ['web', ID.slice(0, 12)],
            IPAddress: '10.0.0.2',
            MacAddress: '02:42',
          },
          back: { NetworkID: 'n2', IPAMConfig: { IPv4Address: '10.1.0.9' }, Links: ['db:db'], GwPriority: 5 },
        },
      },
    }),
    options,
  );
  assert.deepEqual(endpoints, [
    {
      network: 'back',
      settings: { IPAMConfig: { IPv4Address: '10.1.0.9' }, Links: ['db:db'], GwPriority: 5 },
    },
    { network: 'edge', settings: { Aliases: ['web'] } },
  ]);
  assert.deepEqual(body['NetworkingConfig'], { EndpointsConfig: { back: endpoints[0]?.settings } });
  assert.equal((body['HostConfig'] as { NetworkMode: string }).NetworkMode, 'back');
});

test('what lived in another container’s network, or with its volumes, finds the new one', () => {
  const raw = container({
    Config: { Image: 'shop:v1', Hostname: 'other', ExposedPorts: { '80/tcp': {} } },
    HostConfig: {
      NetworkMode: 'container:old',
      IpcMode: 'container:old',
      PidMode: '',
      VolumesFrom: ['old:ro', 'x'],
    },
    NetworkSettings: { Networks: {} },
  });
  const { body, endpoints } = recreation(raw, { image: 'i', ids: new Map([['old', 'new']]) });
  assert.deepEqual(endpoints, []);
  const { RestartPolicy, ...host } = body['HostConfig'] as Record<string, unknown>;
  assert.ok(RestartPolicy);
  assert.deepEqual(host, {
    NetworkMode: 'container:new',
    IpcMode: 'container:new',
    PidMode: '',
    VolumesFrom: ['new:ro', 'x'],
  });
  assert.equal('Hostname' in body, false);
  assert.equal(JSON.parse(JSON.stringify(body)).ExposedPorts, undefined);
});

test('the host’s network wants no settings', () => {
  const { body, endpoints } = recreation(
    container({
      HostConfig: { NetworkMode: 'host' },
      NetworkSettings: { Networks: { host: { NetworkID: 'h' } } },
    }),
    options,
  );
  assert.deepEqual(endpoints, []);
  assert.equal(body['NetworkingConfig'], undefined);
});

test('anonymous volumes are mounted by their names, so that what is in them is kept', () => {
  const volume = (Destination: string, RW = true) => ({ Type: 'volume', Name: VOLUME, Destination, RW });
  const { Binds, Mounts } = bodyOf(
    container({
      HostConfig: {
        NetworkMode: 'edge',
        Binds: ['data:/data:rw', '/etc:/etc:ro'],
        Mounts: [
          { Type: 'volume', Target: '/by-compose' },
          { Type: 'volume', Source: 'named', Target: '/named' },
          { Type: 'tmpfs', Target: '/fast' },
        ],
      },
      Mounts: [
        { Type: 'volume', Name: 'data', Destination: '/data', RW: true },
        { Type: 'bind', Destination: '/etc', RW: false },
        volume('/by-compose'),
        { Type: 'volume', Name: 'named', Destination: '/named', RW: true },
        volume('/by-image', false),
      ],
    }),
  ).HostConfig;
  assert.deepEqual(Binds, ['data:/data:rw', '/etc:/etc:ro', `${VOLUME}:/by-image:ro`]);
  assert.deepEqual(Mounts, [
    { Type: 'volume', Target: '/by-compose', Source: VOLUME },
    { Type: 'volume', Source: 'named', Target: '/named' },
    { Type: 'tmpfs', Target: '/fast' },
  ]);
});

test('a copy has its own name, number, address and anonymous volumes', () => {
  const raw = container({
    HostConfig: { NetworkMode: 'edge', Binds: ['data:/data', `${VOLUME}:/scratch:rw`] },
    NetworkSettings: {
      Networks: {
        edge: { NetworkID: 'n', Aliases: ['shop-web-1', 'web'], IPAMConfig: { IPv4Address: '10.0.0.9' } },
      },
    },
    Mounts: [{ Type: 'volume', Name: VOLUME, Destination: '/scratch', RW: true }],
  });
  const { name, body, endpoints } = copy(raw, { image: 'shop:v1', name: 'shop-web-3', number: 3 });
  assert.equal(name, 'shop-web-3');
  assert.deepEqual((body['HostConfig'] as { Binds: string[] }).Binds, ['data:/data']);
  assert.deepEqual(body['Labels'], { mine: 'x', 'com.docker.compose.container-number': '3' });
  assert.deepEqual(endpoints, [
    { network: 'edge', settings: { Aliases: ['shop-web-3', 'web'], IPAMConfig: null } },
  ]);
});
