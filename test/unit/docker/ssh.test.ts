import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { farEnd, parseSshUrl } from '../../../src/target/docker/ssh/address.ts';
import { engineFailure, engineQuestion, readAnswer } from '../../../src/target/docker/ssh/diagnosis.ts';
import { connectionFailure } from '../../../src/target/docker/ssh/failures.ts';
import { fingerprintOf, namesIn, readKnownHosts } from '../../../src/target/docker/ssh/known-hosts.ts';
import { keyText } from '../../../src/target/docker/ssh/private-key.ts';
import { Refusals } from '../../../src/target/docker/ssh/transcript.ts';

const KEY = `ssh-ed25519 ${'A'.repeat(20)}C3NzaC1lZDI1NTE5AAAAIJ`;

describe('ssh:// addresses', () => {
  for (const [url, expected] of Object.entries({
    'ssh://deploy@app-1.example.com': ['deploy', 'app-1.example.com', undefined, '/var/run/docker.sock'],
    'ssh://Prod_Alias/': [undefined, 'Prod_Alias', undefined, '/var/run/docker.sock'],
    'ssh://deploy@10.0.0.7:2222/run/user/1000/docker.sock': [
      'deploy',
      '10.0.0.7',
      '2222',
      '/run/user/1000/docker.sock',
    ],
    'ssh://deploy@[2001:db8::7]:2222': ['deploy', '2001:db8::7', '2222', '/var/run/docker.sock'],
    'ssh://deploy@app:22': ['deploy', 'app', '22', '/var/run/docker.sock'],
  }))
    test(url, () => {
      const { user, host, port, socket } = parseSshUrl(url);
      assert.deepEqual([user, host, port, socket], expected);
    });

  for (const url of [
    'tcp://app-1',
    'app-1.example.com',
    'ssh://',
    'ssh://deploy:secret@app-1',
    'ssh://-oProxyCommand=touch%20x@app-1',
    'ssh://-oProxyCommand=x',
    'ssh://deploy@app-1/run/a:b.sock',
    "ssh://deploy@app-1/run/a'b.sock",
    'ssh://deploy@app-1/run/$(id).sock',
    'ssh://deploy@app%0A-1',
    'ssh://deploy@app-1?x=y',
  ])
    test(`refuses ${JSON.stringify(url)}`, () => {
      assert.throws(() => parseSshUrl(url), { name: 'DeployError', code: 'config-invalid' });
    });

  test('a password is not repeated', () => {
    assert.throws(
      () => parseSshUrl('ssh://deploy:secret@app-1'),
      (error: Error) => !/secret/.test(error.message),
    );
  });

  test('far ends', () => {
    assert.equal(farEnd({ host: '172.18.0.3', port: 3000 }), '172.18.0.3:3000');
    assert.equal(farEnd({ host: 'fd00::3', port: 80 }), '[fd00::3]:80');
    assert.equal(farEnd({ path: '/run/haproxy/admin.sock' }), '/run/haproxy/admin.sock');
    for (const address of [
      { host: 'a:b c', port: 80 },
      { host: 'a', port: 0 },
      { path: 'relative' },
      { path: '/a:b' },
    ])
      assert.throws(() => farEnd(address), { code: 'config-invalid' });
  });
});

describe('known-hosts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'known-'));
  after(() => rmSync(folder, { recursive: true }));
  const address = parseSshUrl('ssh://deploy@app-1:2222');
  const read = (setting: string | undefined) => readKnownHosts(setting, address, folder);
  writeFileSync(join(folder, 'known_hosts'), `# ours\r\n[app-1]:2222 ${KEY}\r\n`);
  writeFileSync(join(folder, 'empty'), '# nothing yet\n');

  test('lines', async () => {
    for (const line of [
      `[app-1]:2222 ${KEY}`,
      `|1|abc=|def= ${KEY} comment`,
      `@cert-authority *.example.com ${KEY}`,
    ])
      assert.deepEqual(await read(`${line}\n# more\n`), { kind: 'lines', text: `${line}\n# more\n` });
  });
  test('a key alone is good for the host', async () => {
    assert.deepEqual(await read(`${KEY} root@app-1`), { kind: 'lines', text: `* ${KEY} root@app-1\n` });
  });
  test('a path', async () => {
    const expected = { kind: 'lines', text: `# ours\n[app-1]:2222 ${KEY}\n\n` };
    assert.deepEqual(await read('known_hosts'), expected);
    assert.deepEqual(await read(join(folder, 'known_hosts')), expected);
  });
  test('fingerprints', async () => {
    const [a, b] = [`SHA256:${'a'.repeat(43)}`, `SHA256:${'b'.repeat(43)}`];
    assert.deepEqual(await read(` ${a}=\n${b}\n`), { kind: 'fingerprints', fingerprints: [a, b] });
  });
  for (const [what, setting, code] of [
    ['nothing', undefined, 'known-hosts-missing'],
    ['blanks', ' \n', 'known-hosts-missing'],
    ['a file that is not there', 'no-such-file', 'known-hosts-unusable'],
    ['a file without keys', 'empty', 'known-hosts-unusable'],
    ['half a fingerprint', 'SHA256:abc', 'known-hosts-unusable'],
    ['an MD5 fingerprint', `MD5:${'ab:'.repeat(15)}ab`, 'known-hosts-unusable'],
    ['text that is none', 'app-1\nssh-ed25519', 'known-hosts-unusable'],
  ] as const)
    test(`refuses ${what}`, async () => {
      await assert.rejects(read(setting), (error: { code: string; hint: string }) => {
        assert.equal(error.code, code);
        assert.match(error.hint, /ssh-keyscan -p 2222 app-1/);
        return true;
      });
    });

  test('names of lines', () => {
    assert.deepEqual(namesIn(`a,b ${KEY}\n|1|x=|y= ${KEY}\n@revoked c ${KEY}\n# d ${KEY}\n`), [
      'a,b',
      'a hashed name',
      'c',
    ]);
  });
  test('fingerprint, as ssh-keygen -l shows it', () => {
    assert.equal(
      fingerprintOf('host ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAwvFBcxGMiAAwjtwA9jF+jq2q0PY9783k07tcEXTs+D'),
      'SHA256:xpLvS28xzBRbJukTTCZkTmOCjFnSof5WYxM+9dDp668',
    );
    assert.equal(fingerprintOf('host'), undefined);
  });
});

describe('private keys', () => {
  const key =
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
  test('are mended', () => {
    assert.equal(keyText(key.trim().replaceAll('\n', '\r\n')), key);
    assert.equal(keyText(`\n${key}\n`), key);
  });
  for (const [what, text] of Object.entries({
    'public key': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me',
    PuTTY: 'PuTTY-User-Key-File-3: ssh-ed25519\n',
    'whole private key': key.replaceAll('\n', ' '),
  }))
    test(`or refused, without repeating them: ${what}`, () => {
      assert.throws(
        () => keyText(text),
        (error: { code: string; message: string }) => {
          assert.equal(error.code, 'ssh-key-unusable');
          assert.match(error.message, new RegExp(what));
          assert.doesNotMatch(error.message, /AAAA/);
          return true;
        },
      );
    });
});

describe('what ssh says', () => {
  const context = {
    address: parseSshUrl('ssh://deploy@app-1:2222'),
    trustedNames: ['app-2'],
    keyFile: '/tmp/bg-1/key',
  };
  const failure = (...lines: string[]) => connectionFailure(lines, context);

  // Words of OpenSSH 8.9 to 9.9.
  for (const [lines, code, lasting, message] of [
    [
      ['ssh: Could not resolve hostname app-1: Name or service not known'],
      'host-unreachable',
      'now',
      /app-1/,
    ],
    [['ssh: connect to host app-1 port 2222: Connection refused'], 'host-unreachable', 'now', /refuses/],
    [['ssh: connect to host app-1 port 2222: Connection timed out'], 'host-unreachable', 'now', /timed out/],
    [['ssh: connect to host app-1 port 2222: No route to host'], 'host-unreachable', 'now', /No route/],
    [['Connection timed out during banner exchange'], 'host-unreachable', 'now', /in time/],
    [['The login timed out'], 'host-unreachable', 'now', /in time/],
    [['kex_exchange_identification: Connection closed by remote host'], 'host-unreachable', 'busy', /closed/],
    [['kex_exchange_identification: read: Connection reset by peer'], 'host-unreachable', 'busy', /closed/],
    [['Connection closed by 10.0.0.7 port 2222'], 'host-unreachable', 'busy', /closed/],
    [
      [
        'channel 0: open failed: connect failed: Connection refused',
        'stdio forwarding failed',
        'kex_exchange_identification: Connection closed by remote host',
        'Connection closed by UNKNOWN port 65535',
      ],
      'host-unreachable',
      'now',
      /jump host can’t reach app-1: connect failed: Connection refused/,
    ],
    [
      ['deploy@jump: Permission denied (publickey).', 'Connection closed by UNKNOWN port 65535'],
      'ssh-permission-denied',
      'now',
      /deploy@jump/,
    ],
    [
      ['Received disconnect from 10.0.0.7 port 2222:2: Too many authentication failures'],
      'ssh-permission-denied',
      'now',
      /no further try/,
    ],
    [
      [
        'No ED25519 host key is known for [app-1]:2222 and you have requested strict checking.',
        'Host key verification failed.',
      ],
      'host-key-unknown',
      'final',
      /no ED25519 key for \[app-1\]:2222/,
    ],
    [
      [
        '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
        'Host key for app-1 has changed and you have requested strict checking.',
      ],
      'host-key-changed',
      'final',
      /not the one/,
    ],
    [['/home/me/.ssh/config: line 3: Bad configuration option: nonsense'], 'ssh-failed', 'now', /nonsense/],
    [[], 'ssh-failed', 'now', /nothing/],
  ] as const)
    test(lines[0] ?? 'nothing', () => {
      const { error, lasting: told } = failure(...lines);
      assert.equal(error.code, code);
      assert.equal(told, lasting);
      assert.match(error.message, message);
      assert.ok(error.hint);
    });

  test('keys that were tried, without the path of the key’s temporary file', () => {
    const { error } = failure(
      'debug1: Server host key: ssh-ed25519 SHA256:jump',
      'debug1: Offering public key: /home/me/.ssh/jump ED25519 SHA256:one',
      'debug1: Server host key: ssh-ed25519 SHA256:host',
      'debug1: Offering public key: /tmp/bg-1/key ED25519 SHA256:two explicit',
      'debug1: Offering public key: me@laptop RSA SHA256:three agent',
      'deploy@app-1: Permission denied (publickey,password).',
    );
    assert.deepEqual(error.details, [
      'Key tried: the input ssh-key ED25519 SHA256:two',
      'Key tried: me@laptop RSA SHA256:three',
      'The host takes: publickey,password',
    ]);
    assert.match(error.hint!, /authorized_keys of deploy/);
  });

  test('a key that can’t be read', () => {
    const { error } = failure(
      'Load key "/tmp/bg-1/key": error in libcrypto',
      'deploy@app-1: Permission denied (publickey).',
    );
    assert.ok(error.details.includes('Key not usable: the input ssh-key: error in libcrypto'));
  });

  test('control characters of the host’s come no further', () => {
    const { error } = failure('\u001b[31mEvil\u001b[0m\u0007 banner\r');
    assert.match(error.message, /Evil banner$/);
  });
});

describe('ways that the host does not open', () => {
  const read = (...lines: string[]) => {
    const refusals = new Refusals();
    for (const line of lines) refusals.read(line);
    return refusals;
  };
  test('are known by their far ends, once', () => {
    const refusals = read(
      'debug1: Connection to port -2 forwarding to 172.18.0.3 port 3000 requested.',
      'debug1: channel 2: new direct-tcpip [direct-tcpip] (inactive timeout: 0)',
      'debug1: Connection to port -2 forwarding to /run/a.sock port -2 requested.',
      'debug1: channel 3: new direct-streamlocal@openssh.com [direct-streamlocal@openssh.com] (inactive timeout: 0)',
      'debug1: channel 4: new mux-control [mux-control] (inactive timeout: 0)',
      'channel 3: open failed: connect failed: open failed',
      'debug1: channel 3: free: direct-streamlocal@openssh.com: listening port -2 for /run/a.sock port -2',
      'channel 2: open failed: administratively prohibited: open failed',
      'channel 3: open failed: of something else that has the number now',
    );
    assert.equal(refusals.take('172.18.0.3:3000'), 'administratively prohibited: open failed');
    assert.equal(refusals.take('172.18.0.3:3000'), undefined);
    assert.equal(refusals.take('/run/a.sock'), 'connect failed: open failed');
  });
  test('IPv6', () => {
    const refusals = read(
      'debug1: Connection to port -2 forwarding to fd00::3 port 80 requested.',
      'debug1: channel 2: new direct-tcpip [direct-tcpip]',
      'channel 2: open failed: connect failed: Connection refused',
    );
    assert.equal(refusals.take(farEnd({ host: 'fd00::3', port: 80 })), 'connect failed: Connection refused');
  });
});

describe('why the engine can’t be reached', () => {
  const address = parseSshUrl('ssh://app-1:2222');
  const answer = (...told: string[]) =>
    readAnswer(['Welcome to app-1!', ...told.map((line) => `blue-green ${line}`)].join('\n'));
  const asked = ['asked', 'user deploy 1000'];

  for (const [told, options, code, hint] of [
    [asked, undefined, 'docker-unreachable', /systemctl start docker/],
    [[...asked, 'rootless'], undefined, 'docker-unreachable', /rootless engine only, .* install Docker for/],
    [[...asked, 'exists'], undefined, 'docker-forbidden', /usermod -aG docker deploy/],
    [
      [...asked, 'exists', 'writable', 'answers'],
      undefined,
      'ssh-forwarding-forbidden',
      /AllowStreamLocalForwarding/,
    ],
    [[...asked, 'exists', 'writable'], undefined, 'docker-unreachable', /Docker runs/],
    [[], undefined, 'docker-unreachable', /no command/],
    [[], 'ak:1: key options: pty user-rc', 'ssh-forwarding-forbidden', /authorized_keys/],
    [[], 'ak:1: key options: port-forwarding pty', 'docker-unreachable', /no command/],
  ] as const)
    test(`${told.join(', ') || 'nothing'}; ${options ?? 'no options'}`, () => {
      const error = engineFailure(address, answer(...told), options);
      assert.equal(error.code, code);
      assert.match(error.hint!, hint);
    });

  test('the question is one line for any login shell', () => {
    assert.match(engineQuestion('/var/run/docker.sock'), /^sh -c '[^'\n\\!]*'$/);
  });
});
