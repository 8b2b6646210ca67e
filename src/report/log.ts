import { COLORS, formatWeights } from '../release/color.ts';
import type { Event, Listener } from '../release/events.ts';
import { readable } from '../release/image.ts';
import { excerpt } from '../text.ts';
import { closeGroup, openGroup, say, warn } from './console.ts';
import { capital, elapsed, span } from './format.ts';
import { planLines } from './plan.ts';
import { describeSituation } from './situation.ts';

/** A reader of the log waits at most 15 s for a sign of life; a busy process needs some of that. */
const QUIET_MS = 12_000;

export interface Log {
  readonly listener: Listener;
  /** Closes the open group and stops the heartbeat. */
  close(): void;
}

/** Tells in GitHub's log what happens, as it happens: a group per step, and what came of it below, outside. */
export function createLog(): Log {
  /** The step under way, and when it began by our own watch. */
  let open: { readonly title: string; readonly since: number } | undefined;
  let begin: number | undefined;
  /** What the heartbeat repeats. */
  let lastNews = '';
  let heartbeat: NodeJS.Timeout | undefined;
  let closed = false;

  function line(at: number, text: string): void {
    say(`${elapsed(at - (begin ?? at))}  ${text}`);
  }

  function news(at: number, text: string): void {
    lastNews = text;
    line(at, text);
  }

  function rearm(): void {
    clearTimeout(heartbeat);
    if (closed) return;
    heartbeat = setTimeout(() => {
      if (open !== undefined) {
        const so = lastNews === '' ? '' : `; last: ${excerpt(lastNews)}`;
        say(`... ${open.title}: ${span(Date.now() - open.since)} so far${so}`);
      } else say('... still at work');
      rearm();
    }, QUIET_MS);
    // The log must not keep a process alive that has nothing else to do.
    heartbeat.unref();
  }

  function endGroup(): void {
    if (open !== undefined) closeGroup();
    open = undefined;
  }

  function listener(event: Event): void {
    begin ??= event.at;
    tell(event);
    rearm();
  }

  function tell(event: Event): void {
    const { at } = event;
    switch (event.type) {
      case 'step-started':
        endGroup();
        openGroup(event.title);
        open = { title: event.title, since: Date.now() };
        lastNews = '';
        break;
      case 'step-finished': {
        // Outside of the group, which GitHub folds: whoever reads only what is open reads the whole story.
        endGroup();
        const came = event.detail === '' ? '' : `: ${event.detail}`;
        line(at, `${capital(event.step)} ${event.ok ? 'done' : 'FAILED'} after ${span(event.ms)}${came}`);
        break;
      }
      case 'progress':
        news(at, event.message);
        break;
      case 'warning':
        warn(event.message);
        break;
      case 'output':
        say(`  | ${event.line}`);
        break;
      case 'situation':
        for (const text of describeSituation(event.situation)) line(at, text);
        break;
      case 'intent':
        line(at, `From ${readable(event.previousImage || 'nothing')} on ${event.from}`);
        line(at, `  to ${readable(event.image)} on ${event.to}, ${event.count} of it`);
        break;
      case 'plan':
        for (const text of planLines(event.plan)) line(at, text);
        break;
      case 'weights':
        news(at, `Traffic: ${formatWeights(event.weights)}`);
        break;
      case 'health':
        news(at, `${event.color}: ${event.detail}`);
        break;
      case 'check':
        news(at, describeCheck(event));
        if (!event.check.ok) for (const text of event.check.output ?? []) say(`  | ${text}`);
        break;
      case 'answers':
        news(at, `Answers so far: ${describeAnswers(event)}`);
        break;
      case 'own-traffic': {
        const { sent, failed, worstMs, lastFailure } = event;
        const last = lastFailure === '' ? '' : `; the last that failed: ${lastFailure}`;
        line(at, `Requests of our own: ${sent} sent, ${failed} failed, slowest ${span(worstMs)}${last}`);
        break;
      }
      case 'preview': {
        const headers = Object.entries(event.headers).map(([name, value]) => ` -H '${name}: ${value}'`);
        line(at, `Preview: curl${headers.join('')} ${event.url}`);
        break;
      }
      case 'outcome':
        endGroup();
        break;
    }
  }

  return {
    listener,
    close() {
      closed = true;
      clearTimeout(heartbeat);
      endGroup();
    },
  };
}

function describeAnswers({ colors, latency }: Extract<Event, { type: 'answers' }>): string {
  return COLORS.map((color) => {
    const { requests, errors, latencyMs } = colors[color];
    const time = latencyMs === undefined ? '' : `, ${latency} ${Math.round(latencyMs)} ms`;
    return `${color} ${requests}, ${errors} with errors${time}`;
  }).join('; ');
}

function describeCheck({ purpose, check }: Extract<Event, { type: 'check' }>): string {
  const { name, ok, detail, attempts, ms } = check;
  // Until the shift has reached every address, the old answer is no failure.
  const result = ok ? 'ok' : purpose === 'identity' ? 'not yet' : 'FAILED';
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  return `${result}  ${name}: ${detail} (${span(ms)}${tries})`;
}
