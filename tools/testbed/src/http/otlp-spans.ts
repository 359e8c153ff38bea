/** A span as a collector gets it. */
export interface CollectedSpan {
  /** Hexadecimal digits, as are the others. */
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it has no parent. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly durationMs: number;
  readonly facts: Facts;
  /** What is said of the process. */
  readonly resource: Facts;
}

type Facts = Readonly<Record<string, string | number | boolean>>;

/** A message of protocol buffers: of each field the values in order. Numbers of 64 bits as bigint, all else as bytes. */
type Message = ReadonlyMap<number, readonly (bigint | Buffer)[]>;

/** The spans of an `ExportTraceServiceRequest` of OTLP (opentelemetry/proto/trace/v1/trace.proto) in binary form. */
export function spansIn(body: Buffer): CollectedSpan[] {
  return messages(parsed(body), 1).flatMap((resourceSpans) => {
    const resource = factsIn(messages(resourceSpans, 1)[0] ?? new Map(), 1);
    const scopes = messages(resourceSpans, 2);
    return scopes.flatMap((scope) => messages(scope, 2).map((span) => spanOf(span, resource)));
  });
}

function spanOf(span: Message, resource: Facts): CollectedSpan {
  const status = messages(span, 15)[0];
  return {
    traceId: bytes(span, 1).toString('hex'),
    spanId: bytes(span, 2).toString('hex'),
    parentSpanId: bytes(span, 4).toString('hex'),
    name: bytes(span, 5).toString(),
    kind: Number(numeric(span, 6)),
    status: status ? Number(numeric(status, 3)) : 0,
    durationMs: Number(numeric(span, 8) - numeric(span, 7)) / 1e6,
    facts: factsIn(span, 9),
    resource,
  };
}

/** Fields `KeyValue`, whose values are texts, truths or whole numbers. */
function factsIn(message: Message, field: number): Facts {
  return Object.fromEntries(
    messages(message, field).map((pair) => {
      const value = messages(pair, 2)[0] ?? new Map<number, never>();
      if (value.has(1)) return [bytes(pair, 1).toString(), bytes(value, 1).toString()];
      if (value.has(2)) return [bytes(pair, 1).toString(), numeric(value, 2) !== 0n];
      return [bytes(pair, 1).toString(), Number(numeric(value, 3))];
    }),
  );
}

function bytes(message: Message, field: number): Buffer {
  const [value] = message.get(field) ?? [];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function numeric(message: Message, field: number): bigint {
  const [value] = message.get(field) ?? [];
  return typeof value === 'bigint' ? value : 0n;
}

function messages(message: Message, field: number): Message[] {
  return (message.get(field) ?? []).filter((value) => Buffer.isBuffer(value)).map((value) => parsed(value));
}

/** https://protobuf.dev/programming-guides/encoding */
function parsed(body: Buffer): Message {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = body.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const taken = (length: number): Buffer => body.subarray(at, (at += length));
  const readers: Readonly<Record<number, () => bigint | Buffer>> = {
    0: varint,
    1: () => taken(8).readBigUInt64LE(),
    2: () => taken(Number(varint())),
    5: () => BigInt(taken(4).readUInt32LE()),
  };
  while (at < body.length) {
    const tag = Number(varint());
    const read = readers[tag & 7];
    if (read === undefined) throw new Error(`no message of protocol buffers: wire type ${tag & 7}`);
    const field = tag >> 3;
    fields.set(field, [...(fields.get(field) ?? []), read()]);
  }
  return fields;
}
