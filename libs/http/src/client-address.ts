import { BlockList, isIP, isIPv4 } from 'node:net';

/** `192.0.2.1:4711`, `[2001:db8::1]:4711`, `[2001:db8::1]`. */
const WITH_PORT = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/;

const MAPPED_IPV4 = /^::ffff:([\d.]+)$/i;

/**
 * An address without its port, brackets and zone, and IPv4 as IPv4 where it was mapped into IPv6: each client then has
 * one address, however proxies write it. What is no address stays as it is.
 */
function bareAddress(text: string): string {
  if (isIPv4(text)) return text;
  const trimmed = text.trim();
  const parts = WITH_PORT.exec(trimmed);
  const address = (parts?.[1] ?? parts?.[2] ?? trimmed).split('%', 1)[0] ?? '';
  if (isIP(address) === 0) return trimmed;
  return MAPPED_IPV4.exec(address)?.[1] ?? address.toLowerCase();
}

/**
 * The address of the client behind a request, for limits, logs and lists of addresses: that of the connection, or, where
 * this is a trusted proxy's, what the proxies have seen.
 */
export function clientAddressOf({ ip }: { readonly ip?: string | undefined }): string {
  // A connection that was closed before anybody asked.
  return ip === undefined ? '' : bareAddress(ip);
}

/** Proxies of our own. */
export class TrustedProxies {
  private readonly networks = new BlockList();

  /** @param networks addresses, and networks as in `10.0.0.0/8` */
  constructor(networks: readonly string[]) {
    for (const network of networks) this.add(network);
  }

  private add(network: string): void {
    const [address = '', bits] = network.split('/');
    const family = familyOf(address);
    if (bits === undefined) this.networks.addAddress(address, family);
    else this.networks.addSubnet(address, Number(bits), family);
  }

  /** Whether the address is that of a trusted proxy, with or without a port. */
  includes(address: string): boolean {
    const bare = bareAddress(address);
    return isIP(bare) !== 0 && this.networks.check(bare, familyOf(bare));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
