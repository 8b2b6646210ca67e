import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, outcome } from './helper.ts';

type Keys = Record<string, unknown>;

/** Keys of the environment, and what is wrong with them; nothing where they are fine. */
const url = 'https://shop.example.com';
const RULES: [Keys, string[]][] = [
  // url
  [{ url }, []],
  [{ url: 'http://127.0.0.1:8080/shop?x=1' }, []],
  [
    { url: 'shop.example.com' },
    ['url is "shop.example.com": write an absolute URL, as in `https://shop.example.com`.'],
  ],
  [{ url: 'ftp://a' }, ['url is "ftp://a": write an absolute URL, as in `https://shop.example.com`.']],
  [{ url: 'https://' }, ['url is "https://": write an absolute URL, as in `https://shop.example.com`.']],
  [
    { url: 'https://a\nb' },
    ['url is "https://a\\nb": write an absolute URL, as in `https://shop.example.com`.'],
  ],
  [
    { url: 'https://u:p@a' },
    ['url is "https://u:p@a": take the user and password out; use an `Authorization` header.'],
  ],
  [
    { url: 'https://{color}.a' },
    [
      'url is "https://{color}.a": users open one address, whatever the release; write it without `{color}` and `{image-tag}`.',
    ],
  ],
  // health
  [{ health: {} }, []],
  [{ health: 3 }, ['health is 3: write a map of keys.']],
  [{ health: null }, ['health is empty: write a map of keys.']],
  [{ health: { interval: '99ms' } }, ['health.interval is "99ms": write at least `100ms`.']],
  [{ health: { timeout: '25h' } }, ['health.timeout is "25h": write at most `24h`.']],
  [
    { health: { timeout: '1d' } },
    ['health.timeout is "1d": write a whole number and a unit: `500ms`, `30s`, `5m` or `1h`.'],
  ],
  [{ health: { 'stable-for': '599s' } }, []],
  [{ health: { 'stable-for': '10m' } }, ['health.stable-for is "10m": write less than `timeout`.']],
  [
    { health: { timeout: '1m', 'stable-for': '1m' } },
    ['health.stable-for is "1m": write less than `timeout`.'],
  ],
  [
    { health: { timeout: true } },
    ['health.timeout is true: write a whole number and a unit: `500ms`, `30s`, `5m` or `1h`.'],
  ],
  // smoke
  [{ smoke: {} }, ['smoke is empty: write a list.']],
  [{ smoke: ['/health'] }, ['smoke[0] is "/health": write a map of keys.']],
  [
    { smoke: [{}] },
    ['smoke[0] has no `path`, `url` or `run`: write exactly one of `path`, `url` and `run`.'],
  ],
  [
    { smoke: [{ path: '/', url }] },
    ['smoke[0] has `path` and `url`: write exactly one of `path`, `url` and `run`.'],
  ],
  [
    { smoke: [{ path: '/', url, run: 'a' }] },
    ['smoke[0] has `path`, `url` and `run`: write exactly one of `path`, `url` and `run`.'],
  ],
  [
    { smoke: [{ path: 'health' }] },
    ['smoke[0].path is "health": write a path that starts with one `/`, as in `/health`.'],
  ],
  [
    { smoke: [{ path: '//evil.example.com' }] },
    ['smoke[0].path is "//evil.example.com": write a path that starts with one `/`, as in `/health`.'],
  ],
  [
    { smoke: [{ path: '/\\evil.example.com' }] },
    ['smoke[0].path is "/\\\\evil.example.com": write a path that starts with one `/`, as in `/health`.'],
  ],
  [
    { smoke: [{ path: '/a b' }, { path: '/a\r\nb' }] },
    [
      'smoke[0].path is "/a b": write a path that starts with one `/`, as in `/health`.',
      'smoke[1].path is "/a\\r\\nb": write a path that starts with one `/`, as in `/health`.',
    ],
  ],
  [{ smoke: [{ path: '/ü?{color}={image-tag}&a[]=%20' }] }, []],
  [
    { smoke: [{ url: '/health' }] },
    ['smoke[0].url is "/health": write an absolute URL, as in `https://shop.example.com`.'],
  ],
  [
    { smoke: [{ path: '/', status: '200' }] },
    ['smoke[0].status is "200": write a whole number from 100 to 599, without quotes.'],
  ],
  [
    {
      smoke: [
        { path: '/', status: 99 },
        { path: '/', status: 200.5 },
      ],
    },
    [
      'smoke[0].status is 99: write a whole number from 100 to 599, without quotes.',
      'smoke[1].status is 200.5: write a whole number from 100 to 599, without quotes.',
    ],
  ],
  [
    { smoke: [{ path: '/', body: '' }] },
    ['smoke[0].body is "": write the text that must be in the body, or a `/regular expression/`.'],
  ],
  [
    { smoke: [{ path: '/', body: true }] },
    [
      'smoke[0].body is true: put it in quotes; write the text that must be in the body, or a `/regular expression/`.',
    ],
  ],
  [
    { smoke: [{ path: '/', body: '/(/' }] },
    ['smoke[0].body is "/(/": correct the regular expression: Unterminated group.'],
  ],
  [
    { smoke: [{ path: '/', body: '/ok/g' }] },
    ['smoke[0].body is "/ok/g": the flags after the last `/` can be `i`, `m` and `s`.'],
  ],
  [
    { smoke: [{ path: '/', body: '/ok/ii' }] },
    [
      'smoke[0].body is "/ok/ii": correct the regular expression: Invalid flags supplied to RegExp constructor \'ii\'.',
    ],
  ],
  [
    {
      smoke: [
        { path: '/', body: '/{image-tag}/' },
        { path: '/', body: '/' },
        { path: '/', body: '//' },
        { path: '/', body: '/a' },
      ],
    },
    [],
  ],
  [
    { smoke: [{ path: '/', headers: { 'X-A': 'b', 'x-{color}': 'c' } }] },
    ['smoke[0].headers."x-{color}" has a wrong name: write a header name, as in `x-version`.'],
  ],
  [
    { smoke: [{ path: '/', headers: { 'a b': 'c' } }] },
    ['smoke[0].headers."a b" has a wrong name: write a header name, as in `x-version`.'],
  ],
  [
    { smoke: [{ path: '/', headers: { 'a\r\nb': 'c' } }] },
    ['smoke[0].headers."a\\r\\nb" has a wrong name: write a header name, as in `x-version`.'],
  ],
  [
    { smoke: [{ path: '/', headers: { A: 'secret\r\nB: c' } }] },
    ['smoke[0].headers.A can’t be sent: remove line breaks and control characters.'],
  ],
  [
    { smoke: [{ path: '/', headers: { A: 123456 } }] },
    ['smoke[0].headers.A can’t be sent: put it in quotes.'],
  ],
  [
    { smoke: [{ path: '/', headers: 'A: b' }] },
    ['smoke[0].headers is "A: b": write a map of names and values.'],
  ],
  [
    { smoke: [{ path: '/', timeout: '0s', retries: 101 }] },
    [
      'smoke[0].timeout is "0s": write at least `100ms`.',
      'smoke[0].retries is 101: write a whole number from 0 to 100, without quotes.',
    ],
  ],
  [
    { smoke: [{ path: '/', expect: 200 }] },
    [
      'smoke[0].expect is an unknown key: there are `path`, `url`, `run`, `status`, `body`, `headers`, `timeout` and `retries`.',
    ],
  ],
  [
    { smoke: [{ path: '/', time_out: '5s' }] },
    ['smoke[0].time_out is an unknown key: did you mean `timeout`?'],
  ],
  [
    { smoke: [{ run: 'a | b' }] },
    [
      'smoke[0].run is "a | b": `|` needs a shell, and none is used: put it into a script file and run that, or write the command as a list of arguments.',
    ],
  ],
  [{ smoke: [{ run: '' }] }, ['smoke[0].run is "": write the program and its arguments.']],
  [
    { smoke: [{ run: [] }] },
    ['smoke[0].run is empty: write a command, or a list of the program and its arguments.'],
  ],
  [
    { smoke: [{ run: ['', 'a'] }] },
    ['smoke[0].run is a list: write a command, or a list of the program and its arguments.'],
  ],
  [
    { smoke: [{ run: ['a', 1] }] },
    ['smoke[0].run is a list: write a command, or a list of the program and its arguments.'],
  ],
  [
    { smoke: [{ run: ['a', 'b\0c'] }] },
    ['smoke[0].run is a list: write a command, or a list of the program and its arguments.'],
  ],
  [{ smoke: [{ run: ['a', ''] }] }, []],
  [
    { smoke: [{ run: 'a', status: 200, body: 'x', headers: {} }] },
    [
      'smoke[0].status means nothing for a command: remove it.',
      'smoke[0].body means nothing for a command: remove it.',
      'smoke[0].headers means nothing for a command: remove it.',
    ],
  ],
  // shift
  [{ shift: 'all-at-once' }, []],
  [
    { shift: 'canary' },
    ['shift is "canary": write `all-at-once`, or steps as in `{ steps: [5%, 25%, 50%], every: 2m }`.'],
  ],
  [{ shift: { steps: ['5%', '25%', '50%'], every: '2m' } }, []],
  [{ shift: { linear: '10%', every: '1m' } }, []],
  [{ shift: { every: '1m' } }, ['shift has neither `steps` nor `linear`: write one of them.']],
  [
    { shift: { steps: ['5%'], linear: '10%', every: '1m' } },
    ['shift has both `steps` and `linear`: write one of them.'],
  ],
  [
    { shift: { steps: ['25%', '5%'], every: '2m' } },
    [
      'shift.steps is a list: write rising shares below `100%`, as in `[5%, 25%, 50%]`; all of it comes last by itself.',
    ],
  ],
  [
    { shift: { steps: [5], every: '2m' } },
    [
      'shift.steps[0] is 5: write rising shares below `100%`, as in `[5%, 25%, 50%]`; all of it comes last by itself.',
    ],
  ],
  [
    { shift: { steps: ['0.5%'], every: '2m' } },
    ['shift.steps is a list: write whole percents: load balancers know no finer ones.'],
  ],
  [
    { shift: { linear: '60%', every: '2m' } },
    ['shift.linear is "60%": write a whole share from `1%` to `50%`.'],
  ],
  [
    { shift: { step: ['5%'], every: '2m' } },
    [
      'shift has neither `steps` nor `linear`: write one of them.',
      'shift.step is an unknown key: did you mean `steps`?',
    ],
  ],
  // stabilize
  [{ stabilize: { 'max-error-rate': '1%', 'max-latency': '800ms', 'min-requests': 20 } }, []],
  [{ stabilize: { 'max-error-rate': 1 } }, ['stabilize.max-error-rate is 1: write a share, as in `1%`.']],
  [
    { stabilize: { 'insufficient-data': 'wait' } },
    ['stabilize.insufficient-data is "wait": write `ignore` or `fail`.'],
  ],
  [{ watch: { window: '30s' } }, ['watch.window is "30s": write at least `1m`.']],
  // identity
  [{ url, identity: { header: 'x-version', value: 'v{image-tag}' } }, []],
  [{ url, identity: { header: 'x-color', value: '{color}' } }, []],
  [
    { url, identity: { header: 'x version', value: 'v1' } },
    [
      'identity.header is "x version": write a header name, as in `x-version`.',
      'identity.value is "v1": it is the same for every release; use `{image-tag}` or `{color}` in it.',
    ],
  ],
  [
    { url, identity: { header: 'x', value: '{color}\n' } },
    ['identity.value is "{color}\\n": write the value, on one line.'],
  ],
  [
    { url, identity: { header: 'x', value: '{color}', path: 'v' } },
    ['identity.path is "v": write a path that starts with one `/`, as in `/health`.'],
  ],
  [
    { url, identity: {} },
    [
      'identity.header is missing: write a header name, as in `x-version`.',
      'identity.value is missing: write the value, on one line.',
    ],
  ],
  [
    { identity: { header: 'x', value: '{color}' } },
    ['identity needs `url`, which is missing: write what users open.'],
  ],
  // stabilize
  [{ stabilize: { for: '5s', interval: '5s' } }, []],
  [{ stabilize: { for: '5s', interval: '6s' } }, ['stabilize.interval is "6s": write at most `for`.']],
  [
    { url, stabilize: { interval: '31s', 'max-failed-probes': -1 } },
    [
      'stabilize.interval is "31s": write at most `for`.',
      'stabilize.max-failed-probes is -1: write a whole number from 0 to 1000, without quotes.',
    ],
  ],
  [
    { stabilize: { probe: { path: '/health' } } },
    ['stabilize.probe needs `url`, which is missing: write what users open.'],
  ],
  [
    { stabilize: { 'max-failed-probes': 0 } },
    ['stabilize.max-failed-probes needs `url`, which is missing: write what users open.'],
  ],
  [
    { url, stabilize: { probe: { path: 'health', status: 0, url: 'x' } } },
    [
      'stabilize.probe.path is "health": write a path that starts with one `/`, as in `/health`.',
      'stabilize.probe.status is 0: write a whole number from 100 to 599, without quotes.',
      'stabilize.probe.url is an unknown key: move it to url.',
    ],
  ],
  [
    { url, stabilize: { probe: {} } },
    ['stabilize.probe.path is missing: write a path that starts with one `/`, as in `/health`.'],
  ],
  // retire, lock
  [{ retire: { keep: 'all', drain: '0s' } }, []],
  [{ retire: { keep: 2 } }, []],
  [{ retire: { keep: '2' } }, ['retire.keep is "2": write a whole number of tasks or containers, or `all`.']],
  [{ retire: { keep: 1.5 } }, ['retire.keep is 1.5: write a whole number of tasks or containers, or `all`.']],
  [{ lock: { wait: '10m', ttl: '30s' } }, []],
  [{ lock: { ttl: '29s' } }, ['lock.ttl is "29s": write at least `30s`.']],
  [{ lock: { ttl: '500ms' } }, ['lock.ttl is "500ms": write at least `30s`.']],
  // slack
  [{ slack: { on: [], mention: '<!subteam^S1>' } }, []],
  [{ slack: { on: 'success' } }, ['slack.on is "success": write a list.']],
  [
    { slack: { on: ['failed'] } },
    ['slack.on[0] is "failed": write `start` or `success` or `failure` or `rollback`.'],
  ],
  [
    { slack: { mention: '@here' } },
    [
      'slack.mention is "@here": Slack does not link that; write `<!here>`, `<!channel>`, `<@U…>` or `<!subteam^S…>`.',
    ],
  ],
  [{ slack: { mention: 'a\nb' } }, ['slack.mention is "a\\nb": write a mention, on one line.']],
];

for (const [keys, expected] of RULES)
  test(JSON.stringify(keys), async () => assert.deepEqual(await outcome(load(keys)), expected));
