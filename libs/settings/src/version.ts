/** Put in by the bundler from package.json; absent where the sources run as they are. */
declare const SMART_ROUTER_VERSION: string | undefined;

export const VERSION = typeof SMART_ROUTER_VERSION === 'string' ? SMART_ROUTER_VERSION : '0.0.0-source';
