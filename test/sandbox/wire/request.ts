import type { IncomingMessage } from 'node:http';
import { ApiError } from '../contract.ts';
import { readJson } from './json.ts';
import { readQuery } from './query.ts';
import { type ServiceDescription, schemasOf, serviceByKey, serviceByName } from './services.ts';

/** A request, understood as far as its protocol. */
export interface ApiCall {
  readonly service: ServiceDescription;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** Why it can't run, when the service or the operation is not one of AWS's. */
  readonly error?: ApiError;
}

/** Reads the whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Finds service, operation and input: JSON names them in `X-Amz-Target`, Query in `Action` and `Version`. */
export function readCall(request: IncomingMessage, body: string): ApiCall {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return readJsonCall(target, body);
  const form = new URLSearchParams(body);
  const operation = form.get('Action') ?? '';
  const service = serviceByKey(form.get('Version') ?? '') ?? serviceByName('sts');
  const schemas = schemasOf(service, operation);
  if (!schemas) {
    const message = `Could not find operation ${operation} for version ${form.get('Version')}`;
    return { service, operation, input: {}, error: new ApiError(service.errors.unknown, message) };
  }
  return read(service, operation, () => readQuery(form, schemas.input));
}

function readJsonCall(target: string, body: string): ApiCall {
  const [key = '', operation = ''] = target.split('.');
  const service = serviceByKey(key) ?? serviceByName('ecs');
  const schemas = schemasOf(service, operation);
  const unknown = new ApiError(service.errors.unknown, `Unknown operation ${target}`);
  if (!schemas) return { service, operation, input: {}, error: unknown };
  return read(service, operation, () => readJson(body, schemas.input));
}

function read(service: ServiceDescription, operation: string, input: () => unknown): ApiCall {
  try {
    return { service, operation, input: input() as Record<string, unknown> };
  } catch (error) {
    if (error instanceof ApiError) return { service, operation, input: {}, error };
    throw error;
  }
}

/**
 * Key and region of the signature (`Credential=KEY/20260101/REGION/SERVICE/aws4_request`). The signature itself is not
 * verified, but a request without one is refused, as AWS does.
 */
export function signedWith(request: IncomingMessage): { key: string; region: string } {
  const authorization = request.headers.authorization ?? '';
  const scope = /Credential=([^/,]+)\/\d{8}\/([a-z0-9-]+)\/[a-z0-9-]+\/aws4_request/.exec(authorization);
  if (!scope)
    throw new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  return { key: scope[1]!, region: scope[2]! };
}
