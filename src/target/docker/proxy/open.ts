import type { ProxySettings } from '../../../config/environment.ts';
import { AliasSwitch } from './alias.ts';
import { Caddy } from './caddy.ts';
import { Haproxy } from './haproxy.ts';
import type { ProxyOptions } from './options.ts';
import type { Proxy as ProxyPort } from './proxy.ts';

/** The proxy that the settings ask for. Asks nobody yet. */
export function openProxy(options: ProxyOptions<ProxySettings>): ProxyPort {
  const { settings } = options;
  switch (settings.kind) {
    case 'haproxy':
      return new Haproxy({ ...options, settings });
    case 'caddy':
      return new Caddy({ ...options, settings });
    case 'alias':
      return new AliasSwitch({ ...options, settings });
  }
}
