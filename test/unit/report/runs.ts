import { DeployError } from '../../../src/errors.ts';
import { allOn, type Color, otherColor } from '../../../src/release/color.ts';
import type { Event, EventBody, Step } from '../../../src/release/events.ts';
import type { Outcome } from '../../../src/release/outcome.ts';
import type { Situation } from '../../../src/release/situation.ts';
import { readRunContext } from '../../../src/report/context.ts';
import type { RunInfo } from '../../../src/report/run-info.ts';
import { collectTimeline, type Timeline } from '../../../src/report/timeline.ts';

export const BEGIN = Date.UTC(2026, 10, 21, 12, 0, 0);
const REPO = '123456789012.dkr.ecr.us-east-1.amazonaws.com/storefront';
export const image = (tag: string) => `${REPO}:${tag}`;

export const context = readRunContext({
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '4711',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_ACTOR: 'ann',
  GITHUB_WORKFLOW: 'Deploy',
});

export const info = (changes: Partial<RunInfo> = {}): RunInfo => ({
  operation: 'deploy',
  app: 'storefront',
  environment: 'production',
  url: 'https://shop.example.com',
  reason: 'weekly release',
  force: false,
  imageTag: 'v2',
  target: 'ECS us-east-1/production, storefront-blue | storefront-green',
  context,
  ...changes,
});

/** What is live and what is parked: image tags, absent where nothing is. */
export function situation(live: Color, tags: { live?: string; idle?: string }): Situation {
  const state = (tag: string | undefined, count: number, revision: number) => ({
    release: tag === undefined ? undefined : { id: `storefront:${revision}`, image: image(tag) },
    standing: 'was-live' as const,
    desired: tag === undefined ? 0 : count,
    running: tag === undefined ? 0 : count,
  });
  const colors = { [live]: state(tags.live, 3, 7), [otherColor(live)]: state(tags.idle, 0, 6) };
  return { live, weights: allOn(live), colors: colors as Situation['colors'] };
}

/** Writes events down with a clock of its own. */
export function script() {
  const events: Event[] = [];
  let now = BEGIN;
  const emit = (body: EventBody) => {
    events.push({ at: now, ...body });
  };
  return {
    events,
    emit,
    pass(ms: number) {
      now += ms;
    },
    /** A step that takes `ms`, with what happens in its midst. */
    step(step: Step, title: string, ms: number, detail = '', ok = true, within: readonly EventBody[] = []) {
      emit({ type: 'step-started', step, title });
      const share = Math.floor(ms / (within.length + 1));
      for (const body of within) {
        now += share;
        emit(body);
      }
      now += ms - share * within.length;
      emit({ type: 'step-finished', step, ok, detail, ms });
    },
  };
}

export const outcome = (changes: Partial<Outcome>): Outcome => ({
  result: 'deployed',
  liveColor: 'green',
  idleColor: 'blue',
  image: image('v2'),
  previousImage: image('v1'),
  release: 'storefront:8',
  previousRelease: 'storefront:7',
  previewUrl: '',
  summary: 'v2 is live on green.',
  ...changes,
});

export const crash = new DeployError('green is not healthy: 3 of 3 tasks stopped with exit code 1', {
  code: 'unhealthy',
  hint: 'Look at the log of the container app: it ends with the reason.',
  details: [
    'EssentialContainerExited: Essential container in task exited (app: exit code 1)',
    'log app/1f2e3d  Error: connect ECONNREFUSED 10.0.3.7:5432',
    'log app/1f2e3d      at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)',
  ],
});

export function timelineOf(events: readonly Event[]): Timeline {
  const { timeline, listener } = collectTimeline();
  for (const event of events) listener(event);
  return timeline;
}

/** Text that tries to be something else wherever it is shown. */
export const HOSTILE = [
  '::error::owned',
  '##[group]owned',
  '\u001b[31mred\u001b[0m',
  '| a \\| b | <script>alert(1)</script> <!channel> <@U012AB3CD> @here',
  '```\n```` ~~~ **bold** [x](javascript:alert(1)) ![i](https://evil.example/p.png)',
  'gantt; section: #crit, %%{init: {}}%% $\\math$ & &lt; www.evil.example',
  '\u202egnp.exe',
].join(' ');
