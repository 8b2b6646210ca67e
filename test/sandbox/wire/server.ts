import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, type Operations } from '../contract.ts';
import { AccountBuckets, type BucketOptions } from './buckets.ts';
import { errorAnswer, htmlAnswer, type WireAnswer } from './errors.ts';
import { type Fault, Faults } from './faults.ts';
import { writeJson } from './json.ts';
import { authorize, refusal } from './permissions.ts';
import { type ApiCall, readBody, readCall, signedWith } from './request.ts';
import { schemaViolations } from './schema-check.ts';
import { type ServiceName, schemasOf } from './services.ts';
import { writeXml } from './xml.ts';

/** One line of the request log. `status` is 0 while the call runs, and stays so when no answer was sent. */
export interface RequestRecord {
  readonly operation: string;
  readonly service: ServiceName;
  readonly time: Date;
  readonly input: Record<string, unknown>;
  status: number;
  /** Whether it was refused because there are too many calls: by a planned fault, or by the account's buckets. */
  throttled: boolean;
}

/** Called before each call: the how-many-th call of that operation it is, and the how-many-th of all. */
export type CallHook = (operation: string, k: number, input: unknown, total: number) => void | Promise<void>;

/** What the wire needs of the rest of the sandbox. */
export interface WireOptions {
  /** The operations of a service in a region; a region without resources has operations too. */
  readonly operations: (service: ServiceName, region: string) => Operations;
  readonly account: string;
  readonly identity: string;
  /** Whether the credentials with that access key have ended. */
  readonly isOver: (accessKey: string) => boolean;
  readonly port?: number | undefined;
  /** The limits of the account on its calls; none when absent. */
  readonly buckets?: BucketOptions | undefined;
  /** Where mistakes of the sandbox itself are written: answers against the schema, operations that threw. */
  readonly problems: string[];
}

/** Members of task definitions that the SDK does not know yet come back as they were sent. */
const passThrough = [
  'DeregisterTaskDefinition.taskDefinition',
  'RegisterTaskDefinition.taskDefinition',
  'DescribeTaskDefinition.taskDefinition',
];

/** The one endpoint (AWS_ENDPOINT_URL) of all services. */
export class Wire {
  readonly faults = new Faults();
  readonly requests: RequestRecord[] = [];
  /** When set, the only IAM actions that the caller may use (`ecs:UpdateService`). */
  allowed: Set<string> | undefined;
  readonly #options: WireOptions;
  readonly #hooks = new Set<CallHook>();
  /** By region. */
  readonly #buckets = new Map<string, AccountBuckets>();
  readonly #counts = new Map<string, number>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(options: WireOptions) {
    this.#options = options;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port ?? 0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Adds a hook that runs (and is awaited) before each call; returns the function that takes it off again. */
  onCall(hook: CallHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const call = readCall(request, await readBody(request));
      const record: RequestRecord = {
        operation: call.operation,
        service: call.service.name,
        time: new Date(),
        input: call.input,
        status: 0,
        throttled: false,
      };
      this.requests.push(record);
      const answer = await this.#answer(request, call, record);
      if (answer === 'hang') return;
      if (answer === 'reset') {
        request.socket.resetAndDestroy();
        return;
      }
      record.status = answer.status;
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      // A client that went away while it sent its request; or a mistake of the sandbox, which must not stay unseen.
      if (!request.destroyed) this.#options.problems.push(`wire: ${(error as Error).stack}`);
      request.socket.destroy();
    }
  }

  async #answer(
    request: IncomingMessage,
    call: ApiCall,
    record: RequestRecord,
  ): Promise<WireAnswer | 'hang' | 'reset'> {
    const k = this.#count(call.operation);
    const total = this.#count('*');
    for (const hook of this.#hooks) await hook(call.operation, k, call.input, total);
    const fault = this.faults.next(call.operation);
    await fault?.before?.();
    if (fault?.kind === 'hang' || fault?.kind === 'reset') return fault.kind;
    if (fault?.kind === 'html') return htmlAnswer;
    if (fault?.kind === 'delay')
      await new Promise((done) => setTimeout(done, fault.milliseconds ?? 1000).unref());
    const answer = await this.#run(request, call, fault, record);
    return fault?.kind === 'lost' ? 'reset' : answer;
  }

  async #run(
    request: IncomingMessage,
    call: ApiCall,
    fault: Fault | undefined,
    record: RequestRecord,
  ): Promise<WireAnswer> {
    const { service, operation, input } = call;
    const requestId = randomUUID();
    try {
      const unsigned = operation === 'AssumeRoleWithWebIdentity';
      const { key, region } = unsigned ? { key: '', region: '' } : signedWith(request);
      if (call.error) throw call.error;
      const identity = { arn: this.#options.identity, account: this.#options.account, region };
      if (fault?.kind === 'refuse') throw refusal(service, operation, input, identity);
      record.throttled = fault?.kind === 'throttle' || this.#isOverBudget(service.name, operation, region);
      if (record.throttled) throw new ApiError(service.errors.throttle, 'Rate exceeded');
      if (fault?.kind === 'error') throw new ApiError(service.errors.server, 'Service Unavailable.', 500);
      if (fault?.kind === 'expired' || this.#options.isOver(key))
        throw new ApiError(
          service.errors.expired,
          'The security token included in the request is expired',
          service.protocol === 'query' ? 403 : 400,
        );
      if (this.allowed) authorize(service, operation, input, identity, this.allowed);
      const run = this.#options.operations(service.name, region)[operation];
      if (!run) throw new ApiError(service.errors.unknown, `The sandbox does not have ${operation}`);
      return this.#success(call, await run(input), requestId);
    } catch (error) {
      if (error instanceof ApiError) return errorAnswer(service, error, requestId);
      this.#options.problems.push(`${operation}: ${(error as Error).stack}`);
      const mistake = new ApiError(service.errors.server, `The sandbox failed: ${error}`, 500);
      return errorAnswer(service, mistake, requestId);
    }
  }

  #isOverBudget(service: ServiceName, operation: string, region: string): boolean {
    const options = this.#options.buckets;
    if (options === undefined) return false;
    const buckets = this.#buckets.get(region) ?? new AccountBuckets(options);
    this.#buckets.set(region, buckets);
    return buckets.take(service, operation, performance.now()) !== undefined;
  }

  #success(call: ApiCall, value: unknown, requestId: string): WireAnswer {
    const { service, operation } = call;
    const { output } = schemasOf(service, operation)!;
    const violations = schemaViolations(output, value ?? {}, operation, passThrough);
    if (violations.length > 0) throw new Error(`answer against the SDK's schema:\n${violations.join('\n')}`);
    const headers = { 'x-amzn-requestid': requestId };
    if (service.protocol === 'json') {
      const type = `application/x-amz-json-${service.jsonVersion}`;
      return { status: 200, headers: { ...headers, 'content-type': type }, body: writeJson(value ?? {}) };
    }
    const body = writeXml(operation, output, value, { namespace: service.xmlNamespace!, requestId });
    return { status: 200, headers: { ...headers, 'content-type': 'text/xml' }, body };
  }

  #count(operation: string): number {
    const count = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, count);
    return count;
  }
}
