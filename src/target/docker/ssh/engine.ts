import { request } from 'node:http';

/** Docker's own longest wait for a sign of life; an engine answers this in a millisecond. */
const PING_MS = 10_000;

/** Whether an engine answers on a socket here. Whatever it answers, also a proxy's `forbidden`, it is there. */
export function engineAnswers(socketPath: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PING_MS)]);
    request(
      { socketPath, path: '/_ping', headers: { host: 'docker' }, agent: false, signal: limit },
      (answer) => {
        answer.resume();
        resolve(true);
      },
    )
      .on('error', () => resolve(false))
      .end();
  });
}
