import { scriptCatalogue, type ScriptName } from './script-catalogue';
import { readReply, REPLIES } from './script-replies';

/** Takes a list of a header apart at its outermost commas: `'a' | 'b', pod, { call_sid, pod... }`. */
function itemsOf(list: string): string[] {
  let depth = 0;
  const items = [''];
  for (const letter of list) {
    if (letter === '{') depth++;
    if (letter === '}') depth--;
    if (letter === ',' && depth === 0) items.push('');
    else items[items.length - 1] += letter;
  }
  return items;
}

/** How many fields each kind has, by the header of the script. */
function documentedReplies(lua: string): Record<string, number> {
  const header = lua.slice(0, lua.indexOf(']]'));
  const output = header.slice(header.indexOf('Output:'));
  const replies = [...output.matchAll(/\{ ('(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*) \}/g)];
  return Object.fromEntries(
    replies.flatMap(([, list = '']) => {
      const [kinds = '', ...fields] = itemsOf(list);
      return [...kinds.matchAll(/'([a-z-]+)'/g)].map(([, kind = '']) => [kind, fields.length]);
    }),
  );
}

const LUA = scriptCatalogue('');

describe('REPLIES', () => {
  it.each(Object.keys(REPLIES) as ScriptName[])('declare what the header of %s says', (name) => {
    const declared = Object.entries(REPLIES[name]).map(([kind, fields]) => [kind, Object.keys(fields).length]);
    // The refusal of the guard is read apart.
    const guard = LUA[name].lua.includes("return { 'stale-epoch' }") && { 'stale-epoch': 0 };
    expect(documentedReplies(LUA[name].lua)).toEqual({ ...Object.fromEntries(declared), ...guard });
  });
});

describe('readReply', () => {
  it('reads the fields of the kind by name', () => {
    expect(readReply('release', ['released', 'pod-1', 'gold', 1, '17'])).toEqual({
      kind: 'released',
      podName: 'pod-1',
      pool: 'gold',
      wasDraining: true,
      grantNumber: 17,
    });
  });

  it('reads lists of records and what is missing', () => {
    const pod = ['pod-1', 'gold', 'first', '1', 0, '', [], '', '', '0'];

    expect(readReply('listPods', ['page', '', [pod]])).toEqual({
      kind: 'page',
      cursor: null,
      items: [
        {
          ...{ podName: 'pod-1', pool: 'gold', incarnation: 'first', ready: true, isDraining: false },
          ...{ leaseCallSid: null, calls: [], drainSinceMs: null, drainEndsMs: null, terminating: false },
        },
      ],
    });
  });

  it('reads pairs that stand one after another', () => {
    const reply = readReply('expireLeases', ['expired', ['call-1', 'pod-1', 'call-2', 'pod-2'], [], 0, 0, 0, '1']);

    expect(reply.endedCalls).toEqual([
      { callSid: 'call-1', podName: 'pod-1' },
      { callSid: 'call-2', podName: 'pod-2' },
    ]);
  });

  it('throws when the script replies with a kind that is not declared', () => {
    expect(() => readReply('release', ['lost'])).toThrow('script release replied with an unknown kind: lost');
  });
});
