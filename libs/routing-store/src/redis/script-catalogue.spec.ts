import { scriptCatalogue } from './script-catalogue';

const SCRIPTS = Object.entries(scriptCatalogue('')).map(([name, script]) => ({ name, ...script }));

describe('scriptCatalogue', () => {
  it.each(SCRIPTS)('names as many keys in the header as $name gets', ({ lua, numberOfKeys }) => {
    const header = lua.slice(0, lua.indexOf(']]'));
    const keys = [...header.matchAll(/^ {2}KEYS\[(\d+)\]/gm)].map(([, index]) => Number(index));
    expect(keys).toEqual(Array.from({ length: numberOfKeys ?? 0 }, (_, index) => index + 1));
  });
});
