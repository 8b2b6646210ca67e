import type { ApiError } from '../contract.ts';
import type { ServiceDescription } from './services.ts';
import { escapeXml } from './xml.ts';

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error in the form of the service's protocol. */
export function errorAnswer(service: ServiceDescription, error: ApiError, requestId: string): WireAnswer {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  if (service.protocol === 'query') {
    return {
      status: error.status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body:
        `<ErrorResponse xmlns="${service.xmlNamespace}"><Error><Type>${type}</Type><Code>${error.code}</Code>` +
        `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    };
  }
  return {
    status: error.status,
    headers: {
      'content-type': `application/x-amz-json-${service.jsonVersion}`,
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
      // CloudWatch was a Query service once: clients in query mode read the old code from this header.
      ...(service.name === 'cloudwatch' && { 'x-amzn-query-error': `${error.code};${type}` }),
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}

/** What a proxy between the runner and AWS answers when it is unwell. */
export const htmlAnswer: WireAnswer = {
  status: 500,
  headers: { 'content-type': 'text/html' },
  body: '<html>\r\n<head><title>500 Internal Server Error</title></head>\r\n<body><center><h1>500 Internal Server Error</h1></center></body>\r\n</html>\r\n',
};
