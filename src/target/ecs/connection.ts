import type { EcsSettings } from '../../config/environment.ts';
import { type Aws, connect } from './aws.ts';
import { RoleCredentials } from './role-credentials.ts';

/**
 * To the region, with the credentials of the role where the config names one.
 * @param signal aborted when the run is cancelled
 */
export const connectTo = (
  { region, role }: Pick<EcsSettings, 'region' | 'role'>,
  signal: AbortSignal | undefined,
): Aws =>
  connect(region, {
    ...(role !== undefined && { credentials: new RoleCredentials({ role, region, env: process.env }) }),
    ...(signal && { signal }),
  });
