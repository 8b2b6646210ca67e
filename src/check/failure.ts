const TLS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate was issued by an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate was issued by an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server does not send the intermediate certificates',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
};

const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name does not exist in DNS',
  EAI_AGAIN: 'DNS does not answer',
  EAI_FAIL: 'DNS does not answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed without an answer',
  EPIPE: 'the connection was closed without an answer',
  ETIMEDOUT: 'the connection could not be opened in time',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  HPE_HEADER_OVERFLOW: 'the response headers are larger than 16 KiB',
};

/** The code that Node gave an error; for several attempts at several addresses, the first one's. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return error instanceof AggregateError && error.errors.length > 0 ? codeOf(error.errors[0]) : '';
}

/** Why there was no answer, in words that need no knowledge of Node or OpenSSL. One line, no full stop. */
export function explain(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message.trim() : String(error);
  if (code in TLS) {
    const names = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? ` (${message})` : ` (${code})`;
    return `TLS failed: ${TLS[code]}${names}`;
  }
  if (/wrong version number|packet length too long/i.test(message))
    return 'TLS failed: what answers there does not speak TLS (is it http?)';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
    return `TLS failed: ${message}`;
  if (code in NETWORK) return `${NETWORK[code]} (${where(error, code)})`;
  if (code.startsWith('HPE_')) return `what came back is not HTTP (${code})`;
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}

/** `ECONNREFUSED 127.0.0.1:80`: the code with each address that it is about. */
function where(error: unknown, code: string): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const addresses = errors.flatMap((each) => {
    const { address, port, hostname } = each as { address?: string; port?: number; hostname?: string };
    if (hostname !== undefined) return [hostname];
    if (address === undefined) return [];
    return [`${address.includes(':') ? `[${address}]` : address}:${port}`];
  });
  return [code, addresses.join(', ')].filter(Boolean).join(' ');
}
