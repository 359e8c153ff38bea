import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PROVIDERS } from '@smart-router/providers/nest';
import type { Settings } from '@smart-router/settings';
import { SETTINGS } from '@smart-router/settings/nest';
import { addExamples } from './add-examples';
import { API_KEY_SCHEME } from './api-route';
import { describeMetrics } from './describe-metrics';
import { type DescribedProvider, expandProviders } from './expand-providers';
const DESCRIPTION = `Decides which voice-agent pod takes a phone call.

Every error has the same body: a text, a stable \`code\` and the \`request_id\`, which is also in the header
\`X-Request-ID\` of every answer; a client may send one of its own. A field or query
parameter that is not listed is refused, and nothing is done; only the bodies of \`/allocate\`, \`/release\`, the heartbeat and
webhooks, which clients extend, may hold more than is listed.
\`call_sid\`, \`merchant_id\` and \`pod_name\` are 1 to 128 characters of \`A-Z a-z 0-9 . _ : ~ -\`, not \`.\` or \`..\`. A body may have 64 KiB.

Where the service has API keys (\`API_KEYS\`), a request carries one as \`Authorization: Bearer <secret>\`: of scope
\`read\` or \`write\` to look, of scope \`write\` to change. Webhooks, probes and metrics ask for none.`;

const API_KEY =
  'A key of `API_KEYS`. Scope `write` is enough for everything, scope `read` for `GET`; `x-required-scope` of an operation says which.';

interface Operation {
  security?: object[];
}

const TAGS: readonly (readonly [name: string, description: string])[] = [
  ['calls', 'Giving calls their pods, and ending calls.'],
  ['pods', 'Looking at pods, and taking them out of service.'],
  ['fleet', 'All pools at a glance.'],
  ['merchants', 'Which pools the calls of a merchant try.'],
  ['tier config', 'Which tiers there are, how they work and how big they should be.'],
  ['audit', 'Who changed what.'],
  ['components', 'What a process consists of.'],
  ['webhooks', 'What telephony providers call, each answered in its own format.'],
  ['health', 'For probes and scrapers; all of them are served at the root, too.'],
];

/**
 * Describes the routes of the application, from the decorators of its controllers.
 * @param version that of the product
 */
export function buildOpenApiDocument(
  app: INestApplication,
  version: string = app.get<Settings>(SETTINGS, { strict: false }).version,
): OpenAPIObject {
  const providers = app.get<ReadonlyMap<string, DescribedProvider>>(PROVIDERS, { strict: false });
  const builder = new DocumentBuilder()
    .setTitle('Smart Router')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'The server that serves this document')
    // `addBearerAuth` would call the key a JWT.
    .addSecurity(API_KEY_SCHEME, { type: 'http', scheme: 'bearer', description: API_KEY });
  for (const [name, description] of TAGS) builder.addTag(name, description);
  const document = describeMetrics(SwaggerModule.createDocument(app, builder.build()));
  return addExamples(describeStrictness(sayWhatIsOpen(expandProviders(document, [...providers.values()]))));
}

/** An operation without a word on it could as well be one that was forgotten. */
function sayWhatIsOpen(document: OpenAPIObject): OpenAPIObject {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item as Record<string, Operation>));
  for (const operation of operations) operation.security ??= [];
  return document;
}

type Json = Record<string, unknown>;

/** What real clients extend: fields that are not listed are ignored there. */
const LENIENT = ['AllocateRequest', 'ReleaseRequest'];

/** Parts of request bodies that are no bodies themselves. */
const NESTED = ['TierChange'];

/** Says of each request body whether it may hold more fields than are listed. @returns the same document */
function describeStrictness(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Json>;
  for (const name of new Set([...requestSchemas(document), ...NESTED])) {
    const schema = schemas[name];
    if (schema) schema['additionalProperties'] = LENIENT.includes(name);
  }
  return document;
}

function requestSchemas(document: OpenAPIObject): string[] {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item as Record<string, Json>));
  const bodies = JSON.stringify(operations.map(({ requestBody }) => requestBody ?? null));
  return [...bodies.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = '']) => name);
}
