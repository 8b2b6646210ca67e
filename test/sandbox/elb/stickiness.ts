/** The AWSALBTG cookie: it keeps a client at the target group that it got first. */

const name = 'AWSALBTG';

/**
 * The cookie for a client that was sent to a group. It lasts in real time, since whoever waits for its end reads its
 * length from the API and waits in real time too.
 */
export function stickinessCookie(targetGroupArn: string, seconds: number): string {
  const until = Date.now() + 1000 * seconds;
  const value = Buffer.from(JSON.stringify({ targetGroupArn, until })).toString('base64url');
  return `${name}=${value}; Expires=${new Date(until).toUTCString()}; Path=/`;
}

/** The group that a request's cookies name, if that still holds. */
export function stuckTo(cookies: string | undefined): string | undefined {
  const value = cookies
    ?.split(/; */)
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1);
  if (!value) return undefined;
  try {
    const { targetGroupArn, until } = JSON.parse(Buffer.from(value, 'base64url').toString());
    return until > Date.now() ? targetGroupArn : undefined;
  } catch {
    return undefined;
  }
}
