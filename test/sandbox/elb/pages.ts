/** PageSize and Marker, as all Describe operations have them. */
import { validationError } from './errors.ts';

/** AWS's largest page, and the one that it gives when none is asked for. */
const largestPage = 400;

interface PageRequest {
  readonly PageSize?: number;
  readonly Marker?: string;
}

/** Cuts one page out of everything; NextMarker is only there when more follows. */
export function page<Item>(all: readonly Item[], { PageSize = largestPage, Marker }: PageRequest) {
  if (!Number.isInteger(PageSize) || PageSize < 1 || PageSize > largestPage) {
    throw validationError(`Page size '${PageSize}' must be between 1 and ${largestPage}`);
  }
  const start = Marker === undefined ? 0 : offset(Marker);
  const end = start + PageSize;
  return {
    items: all.slice(start, end),
    NextMarker: end < all.length ? Buffer.from(`after:${end}`).toString('base64') : undefined,
  };
}

function offset(marker: string): number {
  const match = /^after:(\d+)$/.exec(Buffer.from(marker, 'base64').toString());
  if (!match) throw validationError(`Invalid marker '${marker}'`);
  return Number(match[1]);
}
