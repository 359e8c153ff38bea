/** The variables of the environment, which are no settings of the product: `srctl` runs on another machine. */
// eslint-disable-next-line no-restricted-properties -- @smart-router/settings describes the processes that serve.
export const environment: Readonly<Record<string, string | undefined>> = process.env;
