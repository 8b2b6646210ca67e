/** What is known of a failure, as Docker's and the application's own words by where they were found: one line each. */
export interface Symptoms {
  /** What Docker said when it could not start a container. */
  readonly start: string;
  /** How containers ended: `web-1 exited with code 137 (out of memory, its limit is 64 MiB)`. */
  readonly ends: string;
  /** What the containers answered when they were asked: `web-1 10.0.0.5:3000: GET /health answered 503: down`. */
  readonly probes: string;
  /** Where the containers do listen: `listens on 127.0.0.1:3000`. */
  readonly listening: string;
  /** Docker's own health checks: `web-1: unhealthy: curl: not found`. */
  readonly checks: string;
  /** The last lines of the log of the container at fault. */
  readonly log: string;
}

/** A cause that can be told from its symptoms. */
export interface Cause {
  /** What is the matter; goes on after "green is not healthy: ". */
  readonly title: string;
  /** Found in any of them. */
  readonly symptoms: Partial<Readonly<Record<keyof Symptoms, RegExp>>>;
  /** What to do: one sentence. */
  readonly hint: string;
}

/**
 * The catalog, the surest causes first: the first one that fits is told. The words are those of dockerd, runc and the
 * kernel, and of this target's own probe (probe.ts) and reading of ends (ends.ts).
 */
export const CAUSES: readonly Cause[] = [
  {
    title: 'the image was built for another processor',
    symptoms: { start: /exec format error/i, ends: /exec format error/i, log: /exec format error/i },
    hint: 'Build it for the host’s platform (docker build --platform), or as a multi-platform image.',
  },
  {
    title: 'the container took more memory than it may',
    symptoms: { ends: /out of memory/i },
    hint: 'Raise deploy.resources.limits.memory (mem_limit) of the service, or find out what the application needs it for.',
  },
  {
    title: 'the application ran out of memory',
    symptoms: {
      log: /heap out of memory|java\.lang\.OutOfMemoryError|cannot allocate memory|^MemoryError/im,
    },
    hint: 'Give the application more memory (its own limit, as --max-old-space-size, or the service’s), or find out what it needs it for.',
  },
  {
    title: 'a port of the host that the container wants is taken',
    symptoms: {
      start: /port is already allocated|address already in use.*(?:0\.0\.0\.0|\[::\])|Bind for .* failed/i,
    },
    hint: 'Take `ports` out of the service: both colors run at once, and the proxy reaches them on its network.',
  },
  {
    title: 'the disk of the host is full',
    symptoms: { start: /no space left on device/i, log: /no space left on device|ENOSPC/i },
    hint: 'Make room on the host: `docker system df` shows what takes it, and retire.prune removes old images of the app.',
  },
  {
    title: 'a file or folder that is mounted does not exist on the host',
    symptoms: { start: /bind source path does not exist|error mounting|invalid mount/i },
    hint: 'Compare the volumes of the service with what is on the host.',
  },
  {
    title: 'a network of the container does not exist any more',
    symptoms: { start: /network \S+ not found|could not find a network/i },
    hint: 'Create the network again and deploy; a parked container can’t be moved to it.',
  },
  {
    title: 'the host lacks a device that the container wants',
    symptoms: { start: /could not select device driver|no such device|error gathering device information/i },
    hint: 'Compare devices and deploy.resources.reservations of the service with the host.',
  },
  {
    title: 'the command of the container is not in the image, or not executable',
    symptoms: {
      start:
        /executable file not found|exec: .*no such file or directory|exec: .*permission denied|is a directory/i,
      ends: /exited with code 12[67]\b/,
    },
    hint: 'Check command and entrypoint of the service against what is in the image.',
  },
  {
    title: 'the process crashed',
    symptoms: { ends: /exited with code 13[2459]\b/ },
    hint: 'It broke in native code (a library for another system, a bug): run the image with the same environment to see it.',
  },
  {
    title: 'the container was killed',
    symptoms: { ends: /exited with code 137\b/ },
    hint: 'Somebody sent it SIGKILL; most often that is the kernel when the host itself has no memory left (its log says so).',
  },
  {
    title: 'the container was stopped from outside',
    symptoms: { ends: /exited with code 143\b/ },
    hint: 'Somebody sent it SIGTERM: look for another deployment, or a person, at work on this host.',
  },
  {
    title: 'the application started again by itself',
    symptoms: { ends: /was restarted/ },
    hint: 'Its log says why it ended.',
  },
  {
    title: 'the application ended by itself',
    symptoms: { ends: /exited with code/ },
    hint: 'Its log says why; run the image with the same environment to see it.',
  },
  {
    title: 'the application listens only for connections from inside its container',
    symptoms: { listening: /listens on (?:127\.|\[::1\])/ },
    hint: 'Let it listen on 0.0.0.0 instead of localhost.',
  },
  {
    title: 'the application listens on another port than docker.port',
    symptoms: { listening: /listens on/ },
    hint: 'Set docker.port to the port that the application listens on inside the container.',
  },
  {
    title: 'the runner can’t reach the containers',
    symptoms: {
      probes: /EHOSTUNREACH|ENETUNREACH|no route to host|network is unreachable|no connection within/i,
    },
    hint: 'They are asked at their own addresses, from the machine whose engine it is: run the job on that one and not in a container of its own, or use an ssh:// host; look for a firewall there.',
  },
  {
    title: 'nothing listens on docker.port',
    symptoms: { probes: /refused|closed the connection/i },
    hint: 'Let the application listen on 0.0.0.0 and docker.port; if it only starts slowly, raise health.timeout.',
  },
  {
    title: 'the application does not know the path of the health check',
    symptoms: { probes: /answered 404\b/ },
    hint: 'Set health.path to one that the application answers with 2xx or 3xx.',
  },
  {
    title: 'the application refuses the health check',
    symptoms: { probes: /answered (?:400|401|403|421)\b/ },
    hint: 'Let it answer health.path without a login, and for any Host header.',
  },
  {
    title: 'the application says that it is not healthy',
    symptoms: { probes: /answered [45]\d\d\b/ },
    hint: 'Its answer and its log say why.',
  },
  {
    title: 'the application does not answer in time',
    symptoms: { probes: /no answer within|did not end within/ },
    hint: 'It takes connections but hangs: look at its log, and at what it waits for (a database, a lock).',
  },
  {
    title: 'the container’s own health check fails',
    symptoms: { checks: /unhealthy/ },
    hint: 'Run the test of the healthcheck in the container; allow for a slow start with its start_period.',
  },
  {
    title: 'the container’s own health check has not passed yet',
    symptoms: { checks: /starting/ },
    hint: 'Shorten the interval of the healthcheck, or raise health.timeout.',
  },
];

/** The cause that the symptoms speak for, if any. */
export const causeOf = (found: Partial<Symptoms>): Cause | undefined =>
  CAUSES.find(({ symptoms }) =>
    Object.entries(symptoms).some(([place, pattern]) => pattern.test(found[place as keyof Symptoms] ?? '')),
  );
