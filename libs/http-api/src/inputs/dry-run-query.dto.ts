import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';

export class DryRunQuery {
  @ApiPropertyOptional({
    type: Boolean,
    example: true,
    description: '`true`: check the change and answer what it would do; change nothing.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dry_run?: string;
}
