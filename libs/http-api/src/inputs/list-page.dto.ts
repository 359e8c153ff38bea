import { ApiProperty } from '@nestjs/swagger';
import { encodeCursor, type ListName } from './page-cursor';

/** What every page of a list has beside its `items`. */
export class ListPage {
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Give it back as `cursor`; null at the end.',
  })
  cursor!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'The same as `cursor`, by its older name.' })
  next_cursor!: string | null;
}

/** @param cursor that of the store, `null` at the end */
export function listPage(list: ListName, cursor: string | null): ListPage {
  const text = encodeCursor(list, cursor);
  return { cursor: text, next_cursor: text };
}

/** A list that is short enough to be answered as a whole, in the shape of those that come in pages. */
export class WholeList {
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Always null: the list is complete.' })
  cursor!: null;
}
