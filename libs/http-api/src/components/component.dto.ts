import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type ReportedComponent, STATUSES } from '@smart-router/startup';
import { Matches } from 'class-validator';

export class ComponentPath {
  @ApiProperty({ pattern: '^[a-z_]{1,64}$', example: 'tier_config', description: 'As in `GET /health/startup`.' })
  @Matches(/^[a-z_]{1,64}$/, { message: 'must be 1 to 64 characters of a-z _' })
  name!: string;
}

class ComponentReport implements ReportedComponent {
  @ApiProperty({ enum: STATUSES, example: 'SUCCESS' })
  status!: ReportedComponent['status'];

  @ApiProperty({ enum: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'], example: 'HIGH' })
  priority!: ReportedComponent['priority'];

  @ApiProperty({ type: 'integer', example: 3 })
  duration_ms!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Attempts after the first one.' })
  retries!: number;

  @ApiPropertyOptional({ example: 'STORE_UNAVAILABLE', description: 'The code of what went wrong.' })
  error?: string;

  @ApiProperty({ type: [String], example: ['store'] })
  depends_on!: readonly string[];

  @ApiProperty({ format: 'date-time', example: '2026-01-01T00:00:00.000Z', description: 'Since when it is so.' })
  since!: string;
}

export class ReinitializeResponse {
  @ApiProperty({ example: 'tier_config' })
  component!: string;

  @ApiProperty({
    example: 'smart-router-0-7',
    description: 'The process that answered, and the only one that restarted anything: its `LEADER_ELECTION_IDENTITY`.',
  })
  instance!: string;

  @ApiProperty({
    example: true,
    description:
      'Whether it is over. false where `http` is restarted too, or where it takes longer than 10 s: it continues, and ' +
      '`GET /health/startup` of this process shows how it ends.',
  })
  completed!: boolean;

  @ApiProperty({
    type: [String],
    example: ['tier_config'],
    description: 'What is stopped and started: the component and all that depend on it, in the order of the start.',
  })
  restarted!: readonly string[];

  @ApiProperty({ type: ComponentReport, description: 'The component at the moment of the answer.' })
  report!: ComponentReport;
}
