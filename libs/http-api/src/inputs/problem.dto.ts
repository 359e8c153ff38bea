import { ApiProperty } from '@nestjs/swagger';

export class ProblemBody {
  @ApiProperty({ example: 'fallback[0]', description: 'Where it is; empty for the text as a whole.' })
  path!: string;

  @ApiProperty({ example: 'names no tier: "silver"', description: 'What is wrong; it reads on after the path.' })
  message!: string;
}
