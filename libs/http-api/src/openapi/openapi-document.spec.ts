import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '@smart-router/settings';
import { SETTINGS } from '@smart-router/settings/nest';
import { startTestApi, type TestApi } from '../testing/test-api';
import { buildOpenApiDocument } from './openapi-document';

const PRODUCT = JSON.parse(readFileSync(join(__dirname, '../../../../package.json'), 'utf8')) as { version: string };
const COMMITTED = join(__dirname, '../../../../docs/reference/openapi.json');

/** The documentation itself; and the routes at the root that are described under the prefix. */
const NOT_DESCRIBED = /^HEAD | \/(docs|docs-json|docs\/.*|health|health\/.*|ready|metrics)$/;

type Json = Record<string, unknown>;
type Media = { example?: unknown; examples?: Json };
type Body = { content?: Record<string, Media> };
type Operation = { operationId: string; tags: string[]; requestBody?: Body; responses: Record<string, Body> } & Json;

let api: TestApi;
let document: { paths: Record<string, Record<string, Operation>>; tags: { name: string }[] } & Json;
const routes = new Set<string>();

beforeAll(async () => {
  api = await startTestApi({}, { onRoute: (method, url) => routes.add(`${method} ${url}`) });
  document = JSON.parse(JSON.stringify(buildOpenApiDocument(api.app, PRODUCT.version))) as typeof document;
});
afterAll(() => api.close());

/** Each provider is described with the methods that it uses. */
const PROVIDER_METHODS = [
  ['twilio', ['POST']],
  ['plivo', ['POST']],
  ['exotel', ['GET', 'POST']],
] as const;

function ofProvider(route: string, [provider, methods]: (typeof PROVIDER_METHODS)[number]): string | null {
  const isUsed = methods.some((method) => route.startsWith(`${method} `));
  return isUsed ? route.replace(':provider', provider) : null;
}

function operations(): [name: string, operation: Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
}

/** An answer without a body. */
const NOT_MODIFIED = '304';

function bodiesWithoutExample(name: string, bodies: Record<string, Body | undefined>): string[] {
  return Object.entries(bodies)
    .filter(([which, body]) => body && which !== NOT_MODIFIED)
    .filter(
      ([, body]) => !Object.values(body?.content ?? { none: {} }).every((media) => media.example ?? media.examples),
    )
    .map(([which]) => `${name}: ${which}`);
}

describe('the OpenAPI document', () => {
  it('is the committed one (npm run docs writes it anew)', () => {
    expect(document).toEqual(JSON.parse(readFileSync(COMMITTED, 'utf8')));
  });

  it('describes every route, and none that does not exist', () => {
    const served = [...routes]
      .filter((route) => !NOT_DESCRIBED.test(route))
      .flatMap((route) =>
        route.includes(':provider') ? PROVIDER_METHODS.map((each) => ofProvider(route, each)) : [route],
      )
      .filter((route) => route !== null)
      .map((route) => route.replace(/:(\w+)/g, '{$1}'));
    const described = operations().map(([name]) => {
      const [method = '', path = ''] = name.split(' ');
      return `${method.toUpperCase()} ${path}`;
    });
    expect(described.sort()).toEqual(served.sort());
  });

  it('names every operation once', () => {
    const ids = operations().map(([, operation]) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]\w+$/.test(id))).toEqual([]);
  });

  it('has an example for every request and every answer', () => {
    const missing = operations().flatMap(([name, { requestBody, responses }]) =>
      bodiesWithoutExample(name, { request: requestBody, ...responses }),
    );
    expect(missing).toEqual([]);
  });

  it('has a schema for every body of every answer', () => {
    const bare = operations().flatMap(([name, { responses }]) =>
      Object.entries(responses)
        .filter(([status]) => status !== NOT_MODIFIED)
        .filter(([, body]) => !Object.values(body.content ?? { none: {} }).every((media) => 'schema' in media))
        .map(([status]) => `${name}: ${status}`),
    );
    expect(bare).toEqual([]);
  });

  it('says of every request body whether it may hold more than is listed', () => {
    const { schemas } = document['components'] as { schemas: Record<string, Json> };
    const bodies = JSON.stringify(operations().map(([, { requestBody }]) => requestBody));
    const names = [...bodies.matchAll(/schemas\/(\w+)/g)].map(([, name = '']) => name);
    const strictness = Object.fromEntries(names.map((name) => [name, schemas[name]?.['additionalProperties']]));
    expect(strictness).toEqual({
      AllocateRequest: true,
      ReleaseRequest: true,
      DrainRequest: false,
      UndrainRequest: false,
      MerchantConfigChange: false,
      TierConfigChange: false,
      RollbackRequest: false,
    });
  });

  it('has the types that the server takes: a reason that is a text, a dry_run that is true or false', () => {
    const { schemas } = document['components'] as { schemas: Record<string, { properties: Record<string, Json> }> };
    expect(schemas['ReleaseRequest']?.properties['reason']).toMatchObject({ type: 'string' });
    const dryRuns = operations()
      .flatMap(([, operation]) => (operation['parameters'] ?? []) as { name: string; schema: Json }[])
      .filter(({ name }) => name === 'dry_run');
    expect(dryRuns.map(({ schema }) => schema['type'])).toEqual(dryRuns.map(() => 'boolean'));
    expect(dryRuns).toHaveLength(5);
  });

  it('has times in ISO 8601, but for the one that clients know in Unix seconds', () => {
    const { schemas } = document['components'] as { schemas: Record<string, { properties?: Record<string, Json> }> };
    const times = Object.entries(schemas).flatMap(([schema, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([name]) => /(_at|_until|^since|^until|^time)$/.test(name))
        .map(([name, field]) => [`${schema}.${name}`, name === 'allocated_at' ? field['type'] : field['format']]),
    );
    expect(times.length).toBeGreaterThan(8);
    expect(times.filter(([, kind]) => kind !== 'integer' && kind !== 'date-time')).toEqual([]);
  });

  it('has the version of the product and a server', () => {
    expect(document).toMatchObject({ info: { version: PRODUCT.version }, servers: [{ url: '/' }] });
  });

  it('gives every operation a summary and a tag that is explained', () => {
    const tags = new Set(document.tags.map((tag) => tag.name));
    const poor = operations().filter(
      ([, operation]) => !operation['summary'] || !operation.tags.every((tag) => tags.has(tag)),
    );
    expect(poor.map(([name]) => name)).toEqual([]);
  });

  it('refers only to schemas that exist', () => {
    const schemas = Object.keys((document['components'] as { schemas: Json }).schemas);
    const used = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]);
    expect(used.filter((name) => !schemas.includes(name as string))).toEqual([]);
  });
});

describe('GET /docs', () => {
  it.each(['/docs', '/docs/', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui-init.js'])(
    'returns 200 for %s',
    async (path) => {
      expect((await api.get(path)).status).toBe(200);
    },
  );

  it('loads nothing from other hosts', async () => {
    const { text } = await api.get('/docs');
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('returns the document as JSON at /docs-json', async () => {
    const { body } = await api.get('/docs-json');
    const { version } = api.app.get<Settings>(SETTINGS, { strict: false });
    expect(body).toEqual({ ...document, info: { ...(document['info'] as object), version } });
  });
});
