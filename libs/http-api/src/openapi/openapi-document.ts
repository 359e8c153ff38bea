import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { addExamples } from './add-examples';
import { describeMetrics } from './describe-metrics';

/** Version of the API, not of the product: it rises when clients have to change. */
const API_VERSION = '1.0.0';

const DESCRIPTION = `Decides which voice-agent pod takes a phone call.

Every error has the same body: a text, a stable \`code\` and the \`request_id\`, which is also in the header
\`X-Request-ID\` of every answer; a client may send one of its own. A field or query
parameter that is not listed is refused, and nothing is done; only the bodies of \`/allocate\`, \`/release\`, the heartbeat and
webhooks, which clients extend, may hold more than is listed.
\`call_sid\`, \`merchant_id\` and \`pod_name\` are 1 to 128 characters of \`A-Z a-z 0-9 . _ : ~ -\`, not \`.\` or \`..\`. A body may have 64 KiB.

Where the service has API keys (\`API_KEYS\`), a request carries one as \`Authorization: Bearer <secret>\`: of scope
\`read\` or \`write\` to look, of scope \`write\` to change. Webhooks, probes and metrics ask for none.`;

const TAGS: readonly (readonly [name: string, description: string])[] = [
  ['calls', 'Giving calls their pods, and ending calls.'],
  ['pods', 'Looking at pods, and taking them out of service.'],
  ['fleet', 'All pools at a glance.'],
  ['merchants', 'Which pools the calls of a merchant try.'],
  ['tier config', 'Which tiers there are, how they work and how big they should be.'],
  ['webhooks', 'What telephony providers call, each answered in its own format.'],
  ['health', 'For probes and scrapers; all of them are served at the root, too.'],
];

/** Describes the routes of the application, from the decorators of its controllers. */
export function buildOpenApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Smart Router')
    .setDescription(DESCRIPTION)
    .setVersion(API_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A key of scope `read`.' }, 'readKey')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A key of scope `write`.' }, 'writeKey');
  for (const [name, description] of TAGS) builder.addTag(name, description);
  return addExamples(describeMetrics(SwaggerModule.createDocument(app, builder.build())));
}
