import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IDENTIFIER, IDENTIFIER_RULE } from '@smart-router/routing-store';
import { IsOptional, Matches } from 'class-validator';

const IDENTIFIER_OR_EMPTY = new RegExp(IDENTIFIER.source.replace('{1,128}', '{0,128}'));

/**
 * Well-formed text of any script: half of a surrogate pair has no encoding in a URL, and `.` and `..` as parts of its path
 * would lead elsewhere.
 */
const SHORT_TEXT = /^(?!\.{1,2}$)\P{Cs}{0,128}$/u;

const IDENTIFIER_SCHEMA = { type: String, minLength: 1, maxLength: 128, pattern: IDENTIFIER.source } as const;

/** A required `call_sid`. */
export function CallSidField(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      ...IDENTIFIER_SCHEMA,
      description: 'The call, as the provider names it. It keeps its pod while it lives.',
      example: 'CA123abc',
    }),
    Matches(IDENTIFIER, { message: `must be ${IDENTIFIER_RULE}` }),
  );
}

/** A required `pod_name`. */
export function PodNameField(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ ...IDENTIFIER_SCHEMA, description: 'The stable name of the pod.', example: 'voice-agent-2' }),
    Matches(IDENTIFIER, { message: `must be ${IDENTIFIER_RULE}` }),
  );
}

/** `GET /merchants/export` would be two routes. */
const CONFIGURED_MERCHANT_ID = new RegExp(IDENTIFIER.source.replace('^', '^(?!export$)'));

export const CONFIGURED_MERCHANT_ID_RULE = `${IDENTIFIER_RULE}, and not export`;

/** The `merchant_id` of a path below `/merchants`. */
export function ConfiguredMerchantIdField(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      ...IDENTIFIER_SCHEMA,
      pattern: CONFIGURED_MERCHANT_ID.source,
      description: 'The merchant.',
      example: 'acme-retail',
    }),
    Matches(CONFIGURED_MERCHANT_ID, { message: `must be ${CONFIGURED_MERCHANT_ID_RULE}` }),
  );
}

/** An optional `merchant_id`; absent, `null` and empty all mean that there is no merchant. */
export function OptionalMerchantIdField(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: String,
      nullable: true,
      maxLength: 128,
      pattern: IDENTIFIER_OR_EMPTY.source,
      description: 'Whose call it is; absent, null or empty for none. It decides which pools are tried.',
      example: 'acme-retail',
    }),
    IsOptional(),
    Matches(IDENTIFIER_OR_EMPTY, { message: `must be empty or ${IDENTIFIER_RULE}` }),
  );
}

/** An optional text that is only passed on. */
export function ShortTextField(description: string, example: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, nullable: true, maxLength: 128, description, example }),
    IsOptional(),
    Matches(SHORT_TEXT, { message: 'must be a text of at most 128 characters, not . or ..' }),
  );
}
