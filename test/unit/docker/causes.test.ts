import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAUSES, causeOf, type Symptoms } from '../../../src/target/docker/causes.ts';

/** Words of dockerd, runc, the kernel, and this target's own, and the beginning of the cause. */
const seen: readonly [symptoms: Partial<Symptoms>, title: string][] = [
  [
    {
      start:
        'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "serve": executable file not found in $PATH: unknown',
    },
    'the command of the container is not in the image',
  ],
  [
    {
      start:
        'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/app/run.sh": permission denied',
    },
    'the command of the container is not in the image',
  ],
  [{ ends: 'web-1 exited with code 127' }, 'the command of the container is not in the image'],
  [{ ends: 'web-1 exited with code 126' }, 'the command of the container is not in the image'],
  [
    {
      start:
        'driver failed programming external connectivity on endpoint shop-production-green-web-1 (0f1): Bind for 0.0.0.0:8080 failed: port is already allocated',
    },
    'a port of the host',
  ],
  [{ start: 'network 3f2a1b not found' }, 'a network of the container'],
  [{ start: 'could not select device driver "" with capabilities: [[gpu]]' }, 'the host lacks a device'],
  [
    { start: 'invalid mount config for type "bind": bind source path does not exist: /srv/x' },
    'a file or folder that is mounted',
  ],
  [{ start: 'mkdir /var/lib/docker/overlay2/0: no space left on device' }, 'the disk of the host is full'],
  [
    { ends: 'web-1 exited with code 255', log: 'exec /usr/local/bin/node: exec format error' },
    'the image was built for another processor',
  ],
  [
    {
      ends: 'web-1 exited with code 1',
      log: 'standard_init_linux.go:228: exec user process caused: exec format error',
    },
    'the image was built for another processor',
  ],
  [
    { ends: 'web-1 exited with code 137 (out of memory, its limit is 64 MiB)' },
    'the container took more memory than it may',
  ],
  [
    {
      ends: 'web-1 exited with code 134 (SIGABRT)',
      log: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    },
    'the application ran out of memory',
  ],
  [{ ends: 'web-1 exited with code 137 (SIGKILL)' }, 'the container was killed'],
  [{ ends: 'web-1 exited with code 139 (SIGSEGV)' }, 'the process crashed'],
  [{ ends: 'web-1 exited with code 143 (SIGTERM)' }, 'the container was stopped from outside'],
  [{ ends: 'web-1 was restarted, as it ended' }, 'the application started again by itself'],
  [{ ends: 'web-1 exited with code 1', log: 'Error: no DATABASE_URL' }, 'the application ended by itself'],
  [
    { listening: 'web-1 listens on 127.0.0.1:3000', probes: 'connection refused' },
    'the application listens only',
  ],
  [
    { listening: 'web-1 listens on 0.0.0.0:8080', probes: 'connection refused' },
    'the application listens on another',
  ],
  [{ probes: 'web-1: GET /health: connection refused' }, 'nothing listens on docker.port'],
  [{ probes: 'web-1: GET /health: connect EHOSTUNREACH 10.0.0.5:3000' }, 'the runner can’t reach'],
  [{ probes: 'web-1: GET /health: no connection within 5 s' }, 'the runner can’t reach'],
  [{ probes: 'web-1: GET /health answered 404: not found' }, 'the application does not know'],
  [{ probes: 'web-1: GET /health answered 403: blocked host' }, 'the application refuses'],
  [{ probes: 'web-1: GET /health answered 503' }, 'the application says'],
  [{ probes: 'web-1: GET /health: no answer within 5 s' }, 'the application does not answer in time'],
  [
    { checks: 'web-1: Docker’s health check says unhealthy (exit code 1)' },
    'the container’s own health check fails',
  ],
  [{ checks: 'web-1: Docker’s health check says starting' }, 'the container’s own health check has not'],
];

test('each cause is told from words that were seen, and each is told at all', () => {
  const told = new Set<string>();
  for (const [symptoms, beginning] of seen) {
    const cause = causeOf(symptoms);
    assert.ok(cause, JSON.stringify(symptoms));
    assert.ok(cause.title.startsWith(beginning), `${JSON.stringify(symptoms)}: ${cause.title}`);
    told.add(cause.title);
  }
  assert.deepEqual(
    CAUSES.map(({ title }) => title).filter((title) => !told.has(title)),
    [],
  );
});

test('what nobody knows has no cause', () => {
  assert.equal(causeOf({}), undefined);
  assert.equal(causeOf({ start: 'something new', log: 'all is well' }), undefined);
});
