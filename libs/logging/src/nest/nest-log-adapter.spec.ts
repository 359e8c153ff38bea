import { createLogger } from '../root-logger';
import { NestLogAdapter } from './nest-log-adapter';

function adapter(): { nest: NestLogAdapter; lines: () => Record<string, unknown>[] } {
  const lines: string[] = [];
  const source = { app: 'api', version: '1', log: { level: 'trace', format: 'json' } } as const;
  const logger = createLogger(source, { write: (line: string) => void lines.push(line) });
  return { nest: new NestLogAdapter(logger), lines: () => lines.map((line) => JSON.parse(line)) };
}

it.each([
  ['log', 'debug'],
  ['debug', 'debug'],
  ['verbose', 'trace'],
  ['warn', 'warn'],
  ['error', 'error'],
  ['fatal', 'fatal'],
] as const)('writes what Nest says by %s as %s', (method, level) => {
  const { nest, lines } = adapter();
  nest[method]('Mapped {/health}', 'RouterExplorer');
  expect(lines()).toEqual([expect.objectContaining({ level, detail: 'Mapped {/health}', speaker: 'RouterExplorer' })]);
});

it('keeps the stack of an error', () => {
  const { nest, lines } = adapter();
  nest.error(new Error('broken'), 'Injector');
  expect(lines()).toEqual([expect.objectContaining({ err: expect.objectContaining({ message: 'broken' }) })]);
});

it('leaves a failed start to be logged by whoever starts the application', () => {
  const { nest, lines } = adapter();
  nest.error(new Error('broken'), 'ExceptionHandler');
  expect(lines()).toEqual([expect.objectContaining({ level: 'debug' })]);
});
