import type { Settings } from '@smart-router/settings';
import { pino, stdSerializers, type DestinationStream, type Level, type Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';
import type { LogFields, Logger, LogMethod } from './logger';
import { BatchingStream } from './batching-stream';
import { type FlatLevel, flatLines } from './flat-lines';
import { redactError, redactFields } from './redaction';
import { StdoutWriter } from './stdout-writer';
import { timeField } from './time-field';

const STDOUT = 1;

export interface RootLogger {
  readonly logger: Logger;
  /** Resolves when the lines so far are written, so that the last line of the process is the last one in its log. */
  settled(): Promise<void>;
  /** Writes what is still in memory, now. Call it last before the process ends. */
  flush(): void;
  /** Lines that were dropped since nobody reads the log, or the disk is full. */
  readonly lostLines: () => number;
}

type LogSource = Pick<Settings, 'app' | 'version' | 'log'>;

function plainError(error: unknown): unknown {
  return error instanceof Error ? redactError({ ...stdSerializers.err(error) }) : error;
}

/** The logger that writes whatever a field holds, its lines as JSON to any stream. */
export function generalLogger(source: LogSource, stream: DestinationStream, time = timeField()): PinoLogger {
  return pino(
    {
      level: source.log.level,
      base: { service: source.app, version: source.version },
      timestamp: time,
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      serializers: { err: plainError },
    },
    stream,
  );
}

/** Lines as JSON to any stream; the applications use `rootLogger`. */
export function createLogger(source: LogSource, stream: DestinationStream): Logger {
  const time = timeField();
  const general = generalLogger(source, stream, time);
  const origin = { service: source.app, version: source.version };
  const method = (level: Level): LogMethod => general[level].bind(general);
  const flat = (level: FlatLevel): LogMethod =>
    general.isLevelEnabled(level) ? flatLines({ general, level, stream, time, origin }) : method(level);
  return {
    trace: method('trace'),
    debug: method('debug'),
    info: flat('info'),
    warn: flat('warn'),
    error: method('error'),
    fatal: method('fatal'),
  };
}

function buildRootLogger(source: LogSource): RootLogger {
  if (source.log.format === 'console') {
    const stream = pretty({
      destination: STDOUT,
      sync: true,
      ignore: 'service,version',
      singleLine: true,
      translateTime: 'SYS:HH:MM:ss.l',
    });
    // Written synchronously: nothing is ever left to flush.
    const logger = createLogger(source, stream);
    return { logger, settled: () => Promise.resolve(), flush: () => undefined, lostLines: () => 0 };
  }
  const writer = new StdoutWriter();
  const stream = new BatchingStream(writer);
  return {
    logger: createLogger(source, stream),
    settled: () => stream.settled(),
    flush: () => stream.flushSync(),
    lostLines: () => writer.lostLines,
  };
}

const built = new WeakMap<LogSource, RootLogger>();

/**
 * The logger of the process that these settings belong to: one per settings, so that the start and the modules
 * write through the same stream. JSON lines are written asynchronously; `flush` has to be called at the end.
 */
export function rootLogger(source: LogSource): RootLogger {
  const known = built.get(source) ?? buildRootLogger(source);
  built.set(source, known);
  return known;
}

/**
 * From now on the lines of the process that these settings belong to also have the fields that `extra` returns; those of
 * the line itself win. Call it before modules are built, since each keeps the logger that it gets.
 */
export function extendLines(source: LogSource, extra: () => LogFields | undefined): Logger {
  const root = rootLogger(source);
  const logger = extended(root.logger, extra);
  built.set(source, { ...root, logger });
  return logger;
}

function extended(logger: Logger, extra: () => LogFields | undefined): Logger {
  const method = (level: Level): LogMethod => {
    const write = logger[level].bind(logger);
    return (fields: LogFields | string, message?: string): void => {
      const [own, text] = typeof fields === 'string' ? [{}, fields] : [fields, message as string];
      write(own instanceof Error ? own : { ...extra(), ...own }, text);
    };
  };
  return {
    trace: method('trace'),
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    fatal: method('fatal'),
  };
}
