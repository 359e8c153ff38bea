import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

export class ExpectedVersion {
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt()
  version!: number;
}

export class DryRunQuery {
  @ApiPropertyOptional({
    type: Boolean,
    example: true,
    description: '`true`: check the config and tell what would move; change nothing.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dry_run?: string;
}
