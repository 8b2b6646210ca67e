/**
 * The SDK silently drops every member that it does not know, in requests and in answers (facts/ecs.md 4a, measured):
 * a task definition that passed through it would lose whatever AWS added since this action was built. So what comes
 * and goes is taken from, and put on, the wire itself, by middleware of the single command.
 */

// The SDK's own types for this are generic beyond reading; these are the parts used.
interface Command {
  middlewareStack: {
    add(middleware: (next: Next) => Next, options: object): void;
  };
}
type Next = (args: { request?: unknown }) => Promise<{ response?: unknown }>;

/** Keeps the answer's JSON; the function returned gives it after the command was sent. */
export function captureAnswer(command: unknown): () => unknown {
  const text = captureText(command);
  return () => JSON.parse(text() || '{}');
}

/** Keeps the answer as it came; the function returned gives it after the command was sent. */
export function captureText(command: unknown): () => string {
  let answer = '';
  const capture =
    (next: Next): Next =>
    async (args) => {
      const result = await next(args);
      const response = result.response as {
        statusCode: number;
        body: AsyncIterable<Uint8Array> | Uint8Array;
      };
      const body = await bytes(response.body);
      if (response.statusCode === 200) answer = new TextDecoder().decode(body);
      // The SDK's parser comes after us, and reads a buffer as well as a stream.
      (response as { body: unknown }).body = body;
      return result;
    };
  (command as Command).middlewareStack.add(capture, {
    step: 'deserialize',
    priority: 'low',
    name: 'captureText',
  });
  return () => answer;
}

/** Sends this JSON in place of what the SDK made of its own input. */
export const sendInstead = (command: unknown, body: unknown): void =>
  amendBody(command, () => JSON.stringify(body));

/** Changes the body that the SDK made of its input. Happens before the request is signed. */
export function amendBody(command: unknown, amend: (body: string) => string): void {
  const replace =
    (next: Next): Next =>
    (args) => {
      const request = args.request as { body: string };
      request.body = amend(request.body);
      return next(args);
    };
  (command as Command).middlewareStack.add(replace, {
    step: 'serialize',
    priority: 'low',
    name: 'amendBody',
  });
}

async function bytes(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
