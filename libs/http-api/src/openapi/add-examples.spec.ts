import type { OpenAPIObject } from '@nestjs/swagger';
import { addExamples } from './add-examples';

function exampleFor(schema: object, schemas: object = {}, media: object = {}): unknown {
  const content = { 'application/json': { schema, ...media } };
  const document = { paths: { '/x': { get: { responses: { 200: { content } } } } }, components: { schemas } };
  const added = addExamples(document as unknown as OpenAPIObject);
  return (added.paths['/x']?.get?.responses['200'] as { content: Record<string, { example?: unknown }> }).content[
    'application/json'
  ]?.example;
}

const POD = { type: 'object', required: ['name'], properties: { name: { type: 'string', example: 'a' } } };

describe('addExamples', () => {
  it('returns the examples of the fields when the body has none', () => {
    expect(exampleFor(POD)).toEqual({ name: 'a' });
  });

  it('returns the example of the schema when that has one', () => {
    expect(exampleFor({ ...POD, example: { name: 'b' } })).toEqual({ name: 'b' });
  });

  it('follows references and lists', () => {
    const list = { type: 'array', items: { $ref: '#/components/schemas/Pod' } };
    expect(exampleFor(list, { Pod: POD })).toEqual([{ name: 'a' }]);
  });

  it('takes the first alternative when there are several', () => {
    expect(exampleFor({ anyOf: [POD, { type: 'string', example: 'x' }] })).toEqual({ name: 'a' });
  });

  it('leaves optional fields out when they have no example', () => {
    const schema = { ...POD, properties: { ...POD.properties, fault: { $ref: '#/components/schemas/Pod' } } };
    expect(exampleFor(schema, { Pod: POD })).toEqual({ name: 'a' });
  });

  it('keeps null when that is the example', () => {
    expect(exampleFor({ required: ['next'], properties: { next: { example: null } } })).toEqual({ next: null });
  });

  it('changes nothing when the body has an example', () => {
    expect(exampleFor(POD, {}, { example: { name: 'own' } })).toEqual({ name: 'own' });
  });
});
