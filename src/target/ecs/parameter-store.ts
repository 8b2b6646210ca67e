import { SignatureV4 } from '@smithy/signature-v4';
import { type Aws, clientOptions, read } from './aws.ts';

/** A filter takes at most so many values, and a page holds at most so many parameters. */
const BATCH = 50;

/**
 * The list of Systems Manager's Parameter Store. The SDK's client would be 300 kB for this one call, so the call is
 * signed here.
 */
export class ParameterStore {
  readonly #aws: Pick<Aws, 'ecs'>;

  constructor(aws: Pick<Aws, 'ecs'>) {
    this.#aws = aws;
  }

  /** Those of the names that there are. */
  async existing(
    region: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>> {
    const there = new Set<string>();
    for (let start = 0; start < names.length; start += BATCH) {
      const Values = names.slice(start, start + BATCH);
      let NextToken: string | undefined;
      // A page may be empty, and not the last one.
      do {
        const input = {
          ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }],
          MaxResults: BATCH,
          NextToken,
        };
        const page = await read('ssm:DescribeParameters', () => this.#ask(region, input, signal));
        for (const { Name } of page.Parameters ?? []) there.add(Name);
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
    }
    return there;
  }

  async #ask(region: string, input: object, signal: AbortSignal): Promise<Page> {
    const { credentials, sha256 } = this.#aws.ecs.config;
    const url = endpointIn(region);
    const body = JSON.stringify(input);
    const signer = new SignatureV4({ service: 'ssm', region, credentials, sha256 });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: '/',
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.DescribeParameters',
        'user-agent': clientOptions(region).customUserAgent,
      },
      body,
    });
    const answer = await fetch(url, { method: 'POST', headers, body, signal }).catch((error: Error) => {
      // What is the matter is in the cause: `fetch failed` is all that the error says.
      throw error.cause ?? error;
    });
    const text = await answer.text();
    if (!answer.ok) throw errorOf(answer.status, text);
    return JSON.parse(text) as Page;
  }
}

interface Page {
  readonly Parameters?: readonly { readonly Name: string }[];
  readonly NextToken?: string;
}

/** As the SDK finds it. */
function endpointIn(region: string): URL {
  const own = process.env['AWS_ENDPOINT_URL_SSM'] || process.env['AWS_ENDPOINT_URL'];
  if (own) return new URL(own);
  return new URL(`https://ssm.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`);
}

/** As the SDK would throw it. */
function errorOf(httpStatusCode: number, text: string): Error {
  let told: { __type?: string; message?: string; Message?: string } = {};
  try {
    told = JSON.parse(text);
  } catch {
    // A page of something in between: the status has to do.
  }
  const error = new Error(told.message ?? told.Message ?? `The answer had the status ${httpStatusCode}.`);
  error.name = told.__type?.split('#').at(-1) ?? 'UnknownError';
  return Object.assign(error, { $metadata: { httpStatusCode } });
}
