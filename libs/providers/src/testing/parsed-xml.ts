import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** What XML 1.0 allows, taken one code point at a time from its grammar. */
function isXmlCharacter(codePoint: number): boolean {
  const blank = codePoint === 0x9 || codePoint === 0xa || codePoint === 0xd;
  const basic = (codePoint >= 0x20 && codePoint <= 0xd7ff) || (codePoint >= 0xe000 && codePoint <= 0xfffd);
  return blank || basic || (codePoint >= 0x10000 && codePoint <= 0x10ffff);
}

export interface ParsedElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly ParsedElement[];
}

type RawNode = Record<string, unknown>;

const ATTRIBUTES = ':@';
const TEXT = '#text';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
});

/** @throws Error where the document is not well-formed or has no single root */
export function parseXml(document: string): ParsedElement {
  for (const character of document) {
    const codePoint = character.codePointAt(0) ?? -1;
    if (!isXmlCharacter(codePoint)) {
      throw new Error(`U+${codePoint.toString(16)} is no XML character`);
    }
  }
  const verdict = XMLValidator.validate(document);
  if (verdict !== true) {
    throw new Error(verdict.err.msg);
  }
  const roots = (parser.parse(document) as RawNode[]).map(toElement).filter(({ name }) => !name.startsWith('?'));
  const [root] = roots;
  if (root === undefined || roots.length !== 1) {
    throw new Error(`${roots.length} root elements`);
  }
  return root;
}

/** The names of all elements, in document order. */
export function elementNames({ name, children }: ParsedElement): string[] {
  return [name, ...children.flatMap(elementNames)];
}

function toElement(node: RawNode): ParsedElement {
  const name = Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';
  const content = (Array.isArray(node[name]) ? node[name] : []) as RawNode[];
  return {
    name,
    attributes: (node[ATTRIBUTES] ?? {}) as Record<string, string>,
    text: content.map((child) => String(child[TEXT] ?? '')).join(''),
    children: content.filter((child) => !(TEXT in child)).map(toElement),
  };
}
