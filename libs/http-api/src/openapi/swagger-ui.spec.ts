import { startTestApi, type TestApi } from '../testing/test-api';

const WRITE_HERE = 'Write the body here: its fields are under "Schema". It will be carried out.';

type Json = Record<string, unknown>;
interface Operation {
  readonly parameters?: readonly Json[];
  readonly requestBody?: { readonly content: Record<string, Json> };
}

let api: TestApi;
let options: {
  swaggerDoc: { paths: Record<string, Record<string, Operation>>; components: Json };
  customOptions: Json;
};

beforeAll(async () => {
  api = await startTestApi();
  const { text } = await api.get('/docs/swagger-ui-init.js');
  const [, json = ''] = /let options = (\{[\s\S]*?\n\});/.exec(text) ?? [];
  options = JSON.parse(json) as typeof options;
});
afterAll(() => api.close());

const writes = () =>
  Object.entries(options.swaggerDoc.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'get')
      .map(([method, operation]) => ({ method, path, operation })),
  );

describe('Swagger UI', () => {
  it('sends nothing until somebody asks to try a route out, and has a filter', () => {
    expect(options.customOptions).toMatchObject({ tryItOutEnabled: false, filter: true });
  });

  it('has one box for the key', () => {
    expect(Object.keys(options.swaggerDoc.components['securitySchemes'] as object)).toEqual(['apiKey']);
  });

  it('fills nothing in for what changes something', () => {
    expect(writes().length).toBeGreaterThan(10);
    for (const { path, operation } of writes()) {
      const filled = (operation.parameters ?? []).filter(
        (parameter) => 'example' in parameter || 'example' in ((parameter['schema'] ?? {}) as Json),
      );
      const bodies = Object.values(operation.requestBody?.content ?? {});
      expect([path, filled]).toEqual([path, []]);
      expect(bodies.map(({ example, examples }) => [example, examples])).toEqual(
        bodies.map(() => [WRITE_HERE, undefined]),
      );
    }
  });

  it('gets a refusal for a body that nobody has written', async () => {
    const withBody = writes().filter(
      ({ path, operation }) => operation.requestBody && !/twilio|plivo|exotel/.test(path),
    );
    for (const { method, path } of withBody) {
      const { status } = await api.send(
        method.toUpperCase(),
        path.replace(/\{\w+\}/g, 'x'),
        JSON.stringify(WRITE_HERE),
      );
      expect([path, status]).toEqual([path, 400]);
    }
  });

  it('leaves the examples in the document for machines', async () => {
    const { text } = await api.get('/docs-json');
    expect(text).not.toContain(WRITE_HERE);
    expect(text).toContain('"pod_name":"voice-agent-2"');
  });
});
