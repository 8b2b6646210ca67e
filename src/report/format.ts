import { excerpt } from '../text.ts';

/** A length of time for people: `800 ms`, `2.5 s`, `42 s`, `1 min 12 s`, `1 h 2 min`. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_950) return `${Number((ms / 1_000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Time since the beginning, as a clock: `00:07`, `1:02:03`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3_600 ? clock : `${Math.floor(seconds / 3_600)}:${clock}`;
}

/** An image without its registry, and with the beginning of its digest only: what people call it. */
export function shortImage(image: string): string {
  const [reference = '', digest] = image.split('@');
  const name = excerpt(reference.slice(reference.lastIndexOf('/') + 1), 100);
  if (digest === undefined || name.includes(':')) return name;
  return `${name}@${excerpt(digest.slice(0, 'sha256:'.length + 12), 40)}`;
}

/** A web address in which nothing can end a link; `#` for what is none. */
export function address(url: string): string {
  const { protocol, href } = URL.parse(url) ?? { protocol: '', href: '' };
  if (protocol !== 'https:' && protocol !== 'http:') return '#';
  return href.replace(/[|()\\^`]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `Healthy` of `healthy`. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
