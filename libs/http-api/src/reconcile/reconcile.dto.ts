import { ApiProperty } from '@nestjs/swagger';

export class ReconcileResponse {
  @ApiProperty({ example: true, description: 'Always true: the leader was asked. It answers by doing.' })
  success!: boolean;

  @ApiProperty({ example: 'smart-router-0', description: 'Who leads.' })
  leader!: string;
}
