import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  CHANGE_ACTIONS,
  CHANGE_TEXT_BYTES,
  type ChangeAction,
  IDENTIFIER,
  IDENTIFIER_RULE,
} from '@smart-router/routing-store';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { ListPage } from '../inputs/list-page.dto';
import { PageQuery } from '../inputs/page-query.dto';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const NAME_RULE = 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -';

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ enum: CHANGE_ACTIONS, description: 'Only changes of this kind.' })
  @IsOptional()
  @IsIn(CHANGE_ACTIONS)
  action?: ChangeAction;

  @ApiPropertyOptional({ type: String, pattern: NAME.source, description: 'Only changes by the API key of this name.' })
  @IsOptional()
  @Matches(NAME, { message: NAME_RULE })
  actor?: string;

  @ApiPropertyOptional({
    type: String,
    pattern: IDENTIFIER.source,
    description: 'Only changes of this merchant, pod or component.',
  })
  @IsOptional()
  @Matches(IDENTIFIER, { message: `must be ${IDENTIFIER_RULE}` })
  subject?: string;

  @ApiPropertyOptional({ type: String, pattern: NAME.source, description: 'Only the change by this request.' })
  @IsOptional()
  @Matches(NAME, { message: NAME_RULE })
  request_id?: string;
}

const TEXT = `As it was stored, cut to ${CHANGE_TEXT_BYTES} bytes; what looks like a secret is hidden. null for nothing.`;

export class ChangeBody {
  @ApiProperty({ example: '1767225600000-0', description: 'Rises from change to change.' })
  id!: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-01T00:00:00.000Z', description: 'By the clock of the store.' })
  time!: string;

  @ApiProperty({ enum: CHANGE_ACTIONS, example: 'merchant.put' })
  action!: ChangeAction;

  @ApiProperty({
    example: 'ops',
    description: 'The name of the API key; `open` where the API asks for none, `smart-router` for the product itself.',
  })
  actor!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'acme-retail',
    description: 'The merchant, pod or component; null for the tier config.',
  })
  subject!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 3,
    description: 'The version that the change made; null for pods and components.',
  })
  version!: number | null;

  @ApiProperty({ type: String, nullable: true, example: '{"tier":"gold"}', description: TEXT })
  before!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '{"tier":"basic"}', description: TEXT })
  after!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '1c9e3a1e-57ac-4c41-a2f4-d5d6c8f5b1aa',
    description: 'As in the log.',
  })
  request_id!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '192.0.2.1' })
  client_address!: string | null;
}

export class AuditPage extends ListPage {
  @ApiProperty({ type: [ChangeBody] })
  items!: ChangeBody[];
}
