import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, docker, dockerOf, ecs, load, loadDocker, loadText, outcome } from './helper.ts';

type Keys = Record<string, unknown>;

const { haproxy } = docker.proxy;
const caddy = { flags: '/flags', container: 'edge' };
const SSH = 'ssh://deploy@app-1.example.com';
const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIGxhYmxhYmxhYmxhYmxhYmxhYmxhYmxhYmxhYmxhYmxh';
const FINGERPRINT = 'SHA256:uNiVztksCsDhcc0u9e8BrNXeo8nrd7kY2jYcZ3mYqkI';
const PRIVATE = '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n';

const KNOWN_HOSTS_FIX =
  'write lines of a known_hosts file (`ssh-keyscan -H app-1.example.com` shows them), the path of such a file, or the key’s fingerprint (`SHA256:…`)';
const keyscan = (options: string) =>
  `docker.known-hosts is missing: write what \`ssh-keyscan -H ${options}\` shows (run it on a network that you trust), the path of a file with that, or the key’s fingerprint (\`SHA256:…\`).`;
const HOST_FIX =
  'write `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375` or `ssh://deploy@app-1.example.com`';
const CONTAINER_FIX =
  'write the name of the proxy’s container: letters, digits, `_`, `.` and `-`, beginning with a letter or digit';
const ALIAS_FIX =
  'write a network alias: letters, digits, `-`, `_` and `.`, at most 63, a letter or digit at both ends';
const MAP_FIX = 'write the absolute path of the map file inside the container, as in `/maps/active.map`';
const SOCKET_FIX =
  'write the socket’s absolute path on the host, as in `/run/haproxy/admin.sock`, or `tcp://127.0.0.1:9999`';
const ADMIN_FIX =
  'write the address of Caddy’s admin endpoint as the host sees it, as in `http://127.0.0.1:2019`';
const COMPOSE_FIX = 'write the path of a Compose file in the workspace, as in `compose.yml`';

const inHaproxy = (keys: Keys): Keys => ({ proxy: { haproxy: { ...haproxy, ...keys } } });
const inCaddy = (keys: Keys): Keys => ({ proxy: { caddy: { ...caddy, ...keys } } });
const inAlias = (keys: Keys): Keys => ({ proxy: { alias: { name: 'storefront', ...keys } } });

/** Keys under `docker`, and what is wrong with them; nothing where they are fine. */
const RULES: [Keys, string[]][] = [
  // host
  [{ host: 'unix:///var/run/docker.sock' }, []],
  [{ host: 'tcp://10.0.0.4:2376' }, []],
  [{ host: 'tcp://[::1]:2376' }, []],
  [{ host: SSH, 'known-hosts': FINGERPRINT }, []],
  [{ host: 'ssh://app_1:2222', 'known-hosts': FINGERPRINT }, []],
  [{ host: 'ssh://root@[2001:db8::1]:22', 'known-hosts': FINGERPRINT }, []],
  [{ host: ['unix:///a', SSH] }, ['docker.host is a list, which is not supported yet: write one host.']],
  [{ host: 3 }, ['docker.host is 3: write an address, as in `ssh://deploy@app-1.example.com`.']],
  [{ host: 'app-1' }, [`docker.host is "app-1": ${HOST_FIX}.`]],
  [{ host: 'http://app-1' }, [`docker.host is "http://app-1": ${HOST_FIX}.`]],
  [
    { host: 'unix://docker.sock' },
    [
      'docker.host is "unix://docker.sock": write the socket’s absolute path, as in `unix:///var/run/docker.sock`.',
    ],
  ],
  [
    { host: 'tcp://10.0.0.4' },
    ['docker.host is "tcp://10.0.0.4": write address and port only, as in `tcp://127.0.0.1:2375`.'],
  ],
  [
    { host: 'tcp://10.0.0.4:65536' },
    ['docker.host is "tcp://10.0.0.4:65536": write address and port only, as in `tcp://127.0.0.1:2375`.'],
  ],
  [
    { host: 'ssh://app-1:0', 'known-hosts': FINGERPRINT },
    ['docker.host is "ssh://app-1:0": its port must be from 1 to 65535.'],
  ],
  [{ host: `${SSH}/run/user/1000/docker.sock`, 'known-hosts': FINGERPRINT }, []],
  [
    { host: `${SSH}/run/my docker.sock`, 'known-hosts': FINGERPRINT },
    [
      'docker.host is "ssh://deploy@app-1.example.com/run/my docker.sock": write the path of the engine’s socket in letters, digits and `.,@+_-`, as in `ssh://deploy@app-1.example.com/run/user/1000/docker.sock`.',
    ],
  ],
  // What ssh would take for an option.
  [
    { host: 'ssh://-oProxyCommand=x', 'known-hosts': FINGERPRINT },
    [
      'docker.host is "ssh://-oProxyCommand=x": write user, host and port only, as in `ssh://deploy@app-1.example.com:22`.',
    ],
  ],
  [
    { host: 'ssh://-lroot@app-1', 'known-hosts': FINGERPRINT },
    [
      'docker.host is "ssh://-lroot@app-1": write user, host and port only, as in `ssh://deploy@app-1.example.com:22`.',
    ],
  ],
  // A password is not shown.
  [
    { host: 'ssh://deploy:hunter2/x@app-1', 'known-hosts': FINGERPRINT },
    [
      'docker.host has a password in it: take it out; a key logs in (`identity-file`, or the input `ssh-key`).',
    ],
  ],
  // known-hosts
  [{ host: SSH }, [keyscan('app-1.example.com')]],
  [{ host: 'ssh://app-1:2222' }, [keyscan('-p 2222 app-1')]],
  [{ host: 'ssh://[::1]:22' }, [keyscan('::1')]],
  [{ host: SSH, 'known-hosts': '.github/known_hosts' }, []],
  [{ host: SSH, 'known-hosts': `app-1.example.com ssh-ed25519 ${KEY}` }, []],
  [
    {
      host: SSH,
      'known-hosts': `# app-1\n|1|a+b=|c/d= ssh-ed25519 ${KEY} a comment\n\n@cert-authority *.example.com ecdsa-sha2-nistp256 ${KEY}\n`,
    },
    [],
  ],
  [{ host: SSH, 'known-hosts': '' }, [`docker.known-hosts is "": ${KNOWN_HOSTS_FIX}.`]],
  [
    { host: SSH, 'known-hosts': 'SHA256:short' },
    [`docker.known-hosts is "SHA256:short": ${KNOWN_HOSTS_FIX}.`],
  ],
  [{ host: SSH, 'known-hosts': 'MD5:aa:bb' }, [`docker.known-hosts is "MD5:aa:bb": ${KNOWN_HOSTS_FIX}.`]],
  [
    { host: SSH, 'known-hosts': `ssh-ed25519 ${KEY.slice(0, 20)} host` },
    [`docker.known-hosts is "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 host": ${KNOWN_HOSTS_FIX}.`],
  ],
  [{ host: SSH, 'known-hosts': 'one\ntwo\n' }, [`docker.known-hosts is "one\\ntwo\\n": ${KNOWN_HOSTS_FIX}.`]],
  [
    { host: SSH, 'known-hosts': PRIVATE },
    [
      'docker.known-hosts has a private key in it, where the host’s public key belongs: take it out of the repository, make a new one, and give that in the input `ssh-key`, from a secret.',
    ],
  ],
  [
    { host: 'unix:///x', 'known-hosts': FINGERPRINT, 'identity-file': 'key' },
    [
      'docker.known-hosts means something for an `ssh://` host only: remove it.',
      'docker.identity-file means something for an `ssh://` host only: remove it.',
    ],
  ],
  // Without `host`, it may be for the job's DOCKER_HOST.
  [{ 'known-hosts': FINGERPRINT, 'identity-file': '~/.ssh/id_ed25519' }, []],
  [
    { 'identity-file': '-oProxyCommand=x' },
    [
      'docker.identity-file is "-oProxyCommand=x": write the path of a private key, as in `~/.ssh/id_ed25519`.',
    ],
  ],
  [
    { 'identity-file': PRIVATE },
    [
      'docker.identity-file has a private key in it, and not its path: take it out of the repository, make a new one, and give that in the input `ssh-key`, from a secret.',
    ],
  ],
  // image, engine, compose, service
  [
    { image: 'shop:v1' },
    [
      'docker.image is "shop:v1": write the repository only, without a tag, as in `registry.example.com/shop`.',
    ],
  ],
  [{ engine: 'compose' }, []],
  [{ engine: 'swarm' }, ['docker.engine is "swarm", which is not supported yet: write `compose`.']],
  [{ engine: 'podman' }, ['docker.engine is "podman": write `compose`.']],
  [{ compose: 'deploy/shop compose.yml' }, []],
  [{ compose: '/compose.yml' }, [`docker.compose is "/compose.yml": ${COMPOSE_FIX}.`]],
  [{ compose: '../compose.yml' }, [`docker.compose is "../compose.yml": ${COMPOSE_FIX}.`]],
  [{ compose: 'a/../../b.yml' }, [`docker.compose is "a/../../b.yml": ${COMPOSE_FIX}.`]],
  [{ compose: 'deploy/' }, [`docker.compose is "deploy/": ${COMPOSE_FIX}.`]],
  [{ compose: 'services:\n  web: {}\n' }, [`docker.compose is "services:\\n  web: {}\\n": ${COMPOSE_FIX}.`]],
  [
    { service: '-web' },
    [
      'docker.service is "-web": write the name of a service in your Compose file: letters, digits, `.`, `-` and `_`.',
    ],
  ],
  // port, replicas
  [{ port: 1, replicas: 1000 }, []],
  [{ port: 0 }, ['docker.port is 0: write a whole number from 1 to 65535, without quotes.']],
  [{ port: 65_536 }, ['docker.port is 65536: write a whole number from 1 to 65535, without quotes.']],
  [{ port: '80' }, ['docker.port is "80": write a whole number from 1 to 65535, without quotes.']],
  [{ replicas: 0 }, ['docker.replicas is 0: write a whole number from 1 to 1000, without quotes.']],
  [{ replicas: 1001 }, ['docker.replicas is 1001: write a whole number from 1 to 1000, without quotes.']],
  // network, aliases
  [
    { network: '.edge' },
    [
      'docker.network is ".edge": write the name of the Docker network: letters, digits, `_`, `.` and `-`, beginning with a letter or digit.',
    ],
  ],
  [
    { network: 'bridge' },
    [
      'docker.network is "bridge": Docker’s own networks know no aliases; make one of your own, as in `docker network create edge`.',
    ],
  ],
  [{ aliases: { blue: 'b', green: 'g.internal_1' } }, []],
  [{ aliases: { blue: 'b', green: 'b' } }, ['docker.aliases.green is "b": each color needs its own alias.']],
  [{ aliases: { blue: 'b' } }, [`docker.aliases.green is missing: ${ALIAS_FIX}.`]],
  [
    { aliases: { blue: 'b-', green: 'a b' } },
    [`docker.aliases.blue is "b-": ${ALIAS_FIX}.`, `docker.aliases.green is "a b": ${ALIAS_FIX}.`],
  ],
  [{ aliases: null }, ['docker.aliases is empty: write a map of keys.']],
  // proxy
  [{ proxy: {} }, ['docker.proxy has none of them: write exactly one of `haproxy`, `caddy` and `alias`.']],
  [
    { proxy: { haproxy, caddy } },
    ['docker.proxy has `haproxy` and `caddy`: write exactly one of `haproxy`, `caddy` and `alias`.'],
  ],
  [
    { proxy: 'haproxy' },
    ['docker.proxy is "haproxy": write a map with one of `haproxy`, `caddy` and `alias`.'],
  ],
  [
    { proxy: { nginx: {}, haproxy } },
    ['docker.proxy.nginx is an unknown key: there are `haproxy`, `caddy` and `alias`.'],
  ],
  [
    inHaproxy({
      socket: 'tcp://127.0.0.1:9999',
      key: 'shop.example.com',
      backends: { blue: 'b', green: 'g' },
    }),
    [],
  ],
  [inHaproxy({ socket: 'admin.sock' }), [`docker.proxy.haproxy.socket is "admin.sock": ${SOCKET_FIX}.`]],
  [inHaproxy({ socket: 'tcp://edge' }), [`docker.proxy.haproxy.socket is "tcp://edge": ${SOCKET_FIX}.`]],
  [inHaproxy({ map: 'active.map' }), [`docker.proxy.haproxy.map is "active.map": ${MAP_FIX}.`]],
  [inHaproxy({ map: '/maps/' }), [`docker.proxy.haproxy.map is "/maps/": ${MAP_FIX}.`]],
  [inHaproxy({ map: '/maps/../x' }), [`docker.proxy.haproxy.map is "/maps/../x": ${MAP_FIX}.`]],
  [inHaproxy({ map: '/a;show env' }), [`docker.proxy.haproxy.map is "/a;show env": ${MAP_FIX}.`]],
  [
    inHaproxy({ shares: 'shares.map' }),
    [`docker.proxy.haproxy.shares is "shares.map": ${MAP_FIX.replace('active', 'shares')}.`],
  ],
  [inHaproxy({ container: 'x' }), [`docker.proxy.haproxy.container is "x": ${CONTAINER_FIX}.`]],
  [inHaproxy({ container: '-edge' }), [`docker.proxy.haproxy.container is "-edge": ${CONTAINER_FIX}.`]],
  [
    inHaproxy({ key: 'a; disable server' }),
    [
      'docker.proxy.haproxy.key is "a; disable server": write a key of the map: letters, digits, `-`, `_`, `.`, `:`, `/` and `*`, no blanks.',
    ],
  ],
  [
    inHaproxy({ backends: { blue: 'b', green: 'b' } }),
    ['docker.proxy.haproxy.backends.green is "b": each color needs its own backend.'],
  ],
  [
    inHaproxy({ flags: '/flags' }),
    ['docker.proxy.haproxy.flags is an unknown key: move it to docker.proxy.caddy.flags.'],
  ],
  [inCaddy({ flag: 'shop.1', admin: 'http://127.0.0.1:2019' }), []],
  [inCaddy({ admin: 'http://[::1]:2019' }), []],
  [inCaddy({ admin: 'http://caddy' }), [`docker.proxy.caddy.admin is "http://caddy": ${ADMIN_FIX}.`]],
  [
    inCaddy({ admin: 'http://127.0.0.1:2019/config' }),
    [`docker.proxy.caddy.admin is "http://127.0.0.1:2019/config": ${ADMIN_FIX}.`],
  ],
  [
    inCaddy({ admin: 'tcp://127.0.0.1:2019' }),
    [`docker.proxy.caddy.admin is "tcp://127.0.0.1:2019": ${ADMIN_FIX}.`],
  ],
  [
    inCaddy({ flag: 'a/b' }),
    [
      'docker.proxy.caddy.flag is "a/b": write the beginning of a file name: letters, digits, `-`, `_` and `.`, at most 100.',
    ],
  ],
  [
    inCaddy({ flags: '/' }),
    [
      'docker.proxy.caddy.flags is "/": write the absolute path of the directory inside the container, as in `/flags`.',
    ],
  ],
  [inAlias({ 'dns-ttl': '0s' }), []],
  [inAlias({ 'dns-ttl': 2 }), ['docker.proxy.alias.dns-ttl is 2: add a unit, as in `2s`.']],
  [inAlias({ name: 'a b' }), [`docker.proxy.alias.name is "a b": ${ALIAS_FIX}.`]],
  [
    inAlias({ name: 'shop-production-green' }),
    [
      'docker.proxy.alias.name is "shop-production-green": the containers of green have it always, by `aliases`; write another.',
    ],
  ],
  // Keys of the other target.
  [
    { cluster: 'main' },
    ['docker.cluster is an unknown key: it belongs to `ecs`, and this environment has `docker`: remove it.'],
  ],
  [
    { services: { blue: 'a', green: 'b' } },
    [
      'docker.services is an unknown key: it belongs to `ecs`, and this environment has `docker`: did you mean `service`?',
    ],
  ],
  [
    { 'desired-count': 2 },
    [
      'docker.desired-count is an unknown key: it belongs to `ecs`, and this environment has `docker`: remove it.',
    ],
  ],
  [{ ports: 80 }, ['docker.ports is an unknown key: did you mean `port`?']],
];

for (const [keys, expected] of RULES)
  test(`docker ${JSON.stringify(keys)}`, async () =>
    assert.deepEqual(await outcome(loadDocker(keys)), expected));

test('what must be written', async () => {
  assert.deepEqual(await complaints(loadText('app: shop\nenvironments: { production: { docker: {} } }\n')), [
    'docker.image is missing: write the repository only, without a tag, as in `registry.example.com/shop`.',
    'docker.service is missing: write the name of a service in your Compose file: letters, digits, `.`, `-` and `_`.',
    'docker.port is missing: write a whole number from 1 to 65535, without quotes.',
    'docker.network is missing: write the name of the Docker network: letters, digits, `_`, `.` and `-`, beginning with a letter or digit.',
    'docker.proxy is missing: write a map with one of `haproxy`, `caddy` and `alias`.',
  ]);
});

test('what is not written has the defaults of the contract', async () => {
  const loaded = await loadDocker();
  const aliases = { blue: 'shop-production-blue', green: 'shop-production-green' };
  assert.deepEqual(dockerOf(loaded), {
    image: 'registry.example.com/shop',
    compose: 'compose.yml',
    service: 'web',
    port: 3000,
    network: 'edge',
    aliases,
    proxy: {
      ...{ kind: 'haproxy', ...haproxy, key: 'shop-production', backends: aliases },
      shares: '/maps/shares.map',
    },
  });
  assert.deepEqual(loaded.health, { timeout: 120_000, interval: 200, 'stable-for': 0 });
  assert.equal(loaded.retire.prune, false);
  const proxyOf = async (keys: Keys) => dockerOf(await loadDocker(keys)).proxy;
  assert.deepEqual(await proxyOf({ proxy: { caddy } }), { kind: 'caddy', ...caddy, flag: 'shop-production' });
  assert.deepEqual(await proxyOf({ proxy: { alias: { name: 'storefront' } } }), {
    kind: 'alias',
    name: 'storefront',
    'dns-ttl': 2000,
  });
});

test('what only ECS has may stand in the defaults', async () => {
  const text = JSON.stringify(
    {
      app: 'shop',
      defaults: { stabilize: { for: '10s', alarms: ['shop-5xx'] } },
      environments: { production: { ecs }, box: { docker } },
    },
    null,
    1,
  );
  assert.deepEqual((await loadText(text)).stabilize.alarms, ['shop-5xx']);
  const { alarms, for: duration } = (await loadText(text, { environment: 'box' })).stabilize;
  assert.deepEqual([alarms, duration], [[], 10_000]);
});

test('health.path and retire.prune are for Docker', async () => {
  const keys = { health: { path: '/up', 'stable-for': '1m' }, retire: { prune: true } };
  const { health, retire } = await loadDocker({}, keys);
  assert.deepEqual(health, { path: '/up', timeout: 120_000, interval: 200, 'stable-for': 60_000 });
  assert.equal(retire.prune, true);
  assert.deepEqual(await complaints(load(keys)), [
    'health.path is not supported yet: remove it; on ECS the health check of the target group counts.',
    'retire.prune is not supported yet: remove it; it is for the images on a Docker host.',
  ]);
  // By Docker's own default time-out.
  assert.deepEqual(await complaints(loadDocker({}, { health: { 'stable-for': '2m', path: 'up' } })), [
    'health.stable-for is "2m": write less than `timeout`.',
    'health.path is "up": write a path that starts with one `/`, as in `/health`.',
  ]);
  assert.deepEqual(await complaints(loadDocker({}, { retire: { prune: 'yes' } })), [
    'retire.prune is "yes": write `true` or `false`.',
  ]);
});

test('the names of app and environment become those of Compose projects', async () => {
  const named = (app: string, environment: string, also = '') =>
    loadText(
      `app: ${app}\nenvironments:\n  ${environment}: { docker: ${JSON.stringify({ ...docker })} }\n${also}`,
      { environment },
    );
  const rule =
    'with `docker` it is part of Compose project names: use lowercase letters, digits, `-` and `_`, beginning with a letter or digit.';
  assert.deepEqual(await outcome(named('my_shop-2', 'eu-1_a')), []);
  assert.deepEqual(await complaints(named('My.Shop', 'Staging')), [
    `app is "My.Shop": ${rule}`,
    `environments.Staging has a wrong name: ${rule}`,
  ]);
  // Once, however many environments there are.
  assert.deepEqual(
    await complaints(named('Shop', 'staging', `  production: { docker: ${JSON.stringify(docker)} }\n`)),
    [`app is "Shop": ${rule}`],
  );
  const long = 'a'.repeat(40);
  assert.deepEqual(await complaints(named(long, long)), [
    `environments.${long}.docker.aliases.blue is missing: ${ALIAS_FIX}.`,
    `environments.${long}.docker.aliases.green is missing: ${ALIAS_FIX}.`,
  ]);
});

test('who chooses one proxy wants nothing of another in the defaults', async () => {
  const { proxy, ...others } = docker;
  const loaded = (own: object) =>
    loadText(
      JSON.stringify(
        {
          app: 'shop',
          defaults: { docker },
          environments: { production: { docker: { ...others, ...own } } },
        },
        null,
        1,
      ),
    ).then(dockerOf);
  assert.equal((await loaded({ proxy: { alias: { name: 'x' } } })).proxy.kind, 'alias');
  assert.equal((await loaded({})).proxy.kind, 'haproxy');
  const other = (await loaded({ proxy: { haproxy: { container: 'other' } } })).proxy;
  assert.deepEqual(other, {
    ...{ kind: 'haproxy', ...proxy.haproxy, container: 'other', key: 'shop-production' },
    backends: { blue: 'shop-production-blue', green: 'shop-production-green' },
    shares: '/maps/shares.map',
  });
});

test('keys of docker under ecs', async () => {
  assert.deepEqual(await complaints(load({}, { replicas: 2, service: 'web' })), [
    'ecs.replicas is an unknown key: it belongs to `docker`, and this environment has `ecs`: remove it.',
    'ecs.service is an unknown key: it belongs to `docker`, and this environment has `ecs`: did you mean `services`?',
  ]);
});

test('an ssh:// DOCKER_HOST is treated as if it were written, for the environment that is deployed', async () => {
  const config = (keys: Keys) =>
    JSON.stringify(
      {
        app: 'shop',
        environments: {
          production: { docker: { ...docker, ...keys } },
          staging: { docker: { ...docker, network: 'other' } },
        },
      },
      null,
      1,
    );
  const dockerHost = `${SSH}:2222`;
  assert.deepEqual(await complaints(loadText(config({}), { dockerHost })), [
    keyscan('-p 2222 app-1.example.com'),
  ]);
  const proven = await loadText(config({ 'known-hosts': FINGERPRINT }), { dockerHost });
  assert.equal(dockerOf(proven).host, dockerHost);
  const own = await loadText(config({ host: 'unix:///own.sock' }), { dockerHost });
  assert.equal(dockerOf(own).host, 'unix:///own.sock');
  const local = await loadText(config({}), { dockerHost: 'unix:///var/run/docker.sock' });
  assert.equal(dockerOf(local).host, undefined);
});
