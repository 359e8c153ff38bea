import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { compileValidator } from './compile-validator';

class Required {
  @IsString()
  @Matches(/^[A-Z0-9]{1,8}$/, { message: 'must be 1 to 8 capital letters or digits' })
  id!: string;
}

class Everything {
  @IsString()
  @IsNotEmpty()
  @MaxLength(5)
  name!: string;

  @IsOptional()
  @IsString()
  @MinLength(2)
  note?: string;

  @IsOptional()
  @Length(2, 4)
  code?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10)
  count?: number;

  @IsOptional()
  @IsNumber()
  ratio?: number;

  @IsOptional()
  @IsBoolean()
  dry?: boolean;

  @IsOptional()
  @IsIn(['a', 'b'])
  choice?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(2)
  @IsString({ each: true })
  list?: string[];
}

class Inherited extends Required {
  @IsOptional()
  @IsBoolean()
  extra?: boolean;
}

const VALUES = fc.oneof(
  fc.constantFrom(undefined, null, '', 'a', 'ab', 'abcdef', 'A1', '😀😀', 'a\uFE0F', ' ', 0, 1, 10, 11, 1.5, -1),
  fc.constantFrom(NaN, Infinity, true, false, [], ['a'], ['a', 'b', 'c'], [1], ['a', null], {}, { length: 3 }),
  fc.string(),
  fc.double(),
  fc.integer(),
);

const VALID = { id: 'A1', name: 'ok', note: 'ab', code: 'abc', count: 10, ratio: 0.5, dry: true, list: ['x'] };

describe.each([Required, Everything, Inherited])('compiled from %p', (Dto) => {
  const validate = compileValidator<object>(Dto);
  const names = ['id', 'name', 'note', 'code', 'count', 'ratio', 'dry', 'choice', 'list', 'extra', 'unknown'];

  function accepts(value: Record<string, unknown>): boolean {
    try {
      validate(value);
      return true;
    } catch {
      return false;
    }
  }

  it('accepts and refuses what class-validator accepts and refuses', () => {
    const anything = fc.record(Object.fromEntries(names.map((name) => [name, VALUES])), { requiredKeys: [] });
    // Mostly right: otherwise one wrong field hides what the others do.
    const changes = fc.dictionary(fc.constantFrom(...names), VALUES, { maxKeys: 2 });
    const objects = fc.oneof(
      anything,
      changes.map((changed) => ({ ...VALID, ...changed })),
    );
    fc.assert(
      fc.property(objects, (value) => {
        const errors = validateSync(Object.assign(new Dto(), value), { forbidUnknownValues: true });
        expect(accepts(value)).toBe(errors.length === 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts at least one of its objects', () => {
    expect(accepts(VALID)).toBe(true);
  });
});

describe('its answers', () => {
  const validate = compileValidator(Required);

  it('gives back the declared fields only, as an instance of the class', () => {
    const value = validate({ id: 'A1', other: 1 });
    expect(value).toBeInstanceOf(Required);
    expect({ ...value }).toEqual({ id: 'A1' });
  });

  it.each([{}, { id: '' }, { id: null }, { id: undefined }])('says that a field is required: %j', (value) => {
    expect(() => validate(value)).toThrow('id is required');
  });

  it('says what a field must be, in the words of its decorator', () => {
    expect(() => validate({ id: 'a' })).toThrow('id must be 1 to 8 capital letters or digits');
  });

  it('says what a field must be, in words of its own', () => {
    expect(() => compileValidator(Everything)({ name: 'ok', count: 11 })).toThrow('count must be at most 10');
  });

  it('does not read inherited properties of the object', () => {
    expect(() => validate(Object.create({ id: 'A1' }) as Record<string, unknown>)).toThrow('id is required');
  });

  it('drops an optional field that is null', () => {
    expect(compileValidator(Everything)({ name: 'ok', note: null }).note).toBeUndefined();
  });
});

describe('what it cannot compile', () => {
  class Unknown {
    @IsEmail()
    email!: string;
  }
  class Conditional {
    @ValidateIf(() => true)
    @IsString()
    text!: string;
  }
  class Grouped {
    @IsString({ groups: ['admin'], always: true })
    text!: string;
  }
  class Computed {
    @IsString({ message: () => 'is odd' })
    text!: string;
  }
  class Bare {}

  it.each([Unknown, Conditional, Grouped, Computed])('is refused at the start: %p', (Dto) => {
    expect(() => compileValidator<object>(Dto)).toThrow('cannot be compiled');
  });

  it('is a class without rules', () => {
    expect(() => compileValidator(Bare)).toThrow('Bare has no class-validator decorators');
  });
});
