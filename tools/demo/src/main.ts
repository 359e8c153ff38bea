import { delimiter } from 'node:path';
import { Demo } from './demo';
import { HELP, parseOptions, UsageError } from './options';

// Started by tools/demo/demo.mjs, which builds what it needs: main.js <folder of bundles> <folder of the repository> [options]

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [bundles = '', root = '', ...args] = process.argv.slice(2);

/** @returns the exit code */
async function run(): Promise<number> {
  const options = parseOptions(args);
  if (options === null) {
    say(HELP);
    return 0;
  }
  // Programs of servers are often outside of the path of users.
  const path = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);
  const demo = new Demo(options, { bundles, root, path, say });
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) void demo.killAll().then(() => process.exit(1));
      isStopping = true;
      demo.quit();
    });
  }
  await demo.run();
  return 0;
}

process.exit(
  await run().catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }),
);
