import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** The one name of a pool, by which answers, chains, filters and metrics join. */
export function PoolField(description: string): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      example: 'standard',
      description: `${description}: a tier, or \`merchant:<pool>\`, as in \`chain\`.`,
    }),
  );
}

/** @param label as in `source_pool`: `pool:<tier>` or `merchant:<pool>` */
export function poolOf(label: string): string {
  return label.startsWith('pool:') ? label.slice('pool:'.length) : label;
}
