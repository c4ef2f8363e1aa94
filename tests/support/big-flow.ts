import { stringify } from 'yaml';

/**
 * A flow of this many nodes that has no problem for `smallSurroundings`: menus in three levels, and behind each key somebody asks for an account, looks
 * up a bill, decides and says it.
 */
export function bigFlow(count: number): string {
  const nodes: Record<string, unknown> = {
    person: { kind: 'enqueue', prompts: ['info'], queue: 'billing', onTimeout: 'bye', onFull: 'bye' },
    bye: { kind: 'hang-up', prompts: ['bye'] },
  };
  const branches = Math.max(1, Math.floor((count - 3) / 10));
  const keys = ['1', '2', '3', '4', '5'];
  const starts: string[] = [];
  for (let i = 0; i < branches; i += 1) {
    const of = (name: string) => `${name}-${i}`;
    starts.push(of('menu'));
    const ask = {
      kind: 'collect',
      prompts: ['menu'],
      into: 'account',
      minDigits: 10,
      maxDigits: 13,
      check: '\\d{10}|\\d{13}',
    };
    Object.assign(nodes, {
      [of('menu')]: {
        kind: 'menu',
        prompts: ['menu'],
        keys: { '1': of('ask'), '2': of('told'), '3': of('open') },
      },
      [of('ask')]: { ...ask, next: of('bill') },
      [of('bill')]: {
        kind: 'lookup',
        lookup: 'bill',
        with: { account: 'account' },
        onFound: of('which'),
        onNotFound: of('none'),
        onFailure: 'person',
      },
      [of('which')]: {
        kind: 'branch',
        when: [
          { if: { value: 'status', is: 'paid' }, next: of('paid') },
          { if: { all: [{ value: 'balance', above: 0 }, { not: { switch: 'surge' } }] }, next: of('due') },
        ],
        otherwise: of('paid'),
      },
      [of('due')]: {
        kind: 'say',
        prompts: ['due', { amount: 'balance' }, { date: 'dueDate' }],
        serves: true,
        next: of('menu'),
      },
      [of('paid')]: { kind: 'announce', prompts: ['paid'], serves: true, next: 'bye' },
      [of('none')]: { kind: 'announce', prompts: ['info'], next: of('menu') },
      [of('told')]: { kind: 'announce', prompts: ['info'], serves: true, next: 'bye' },
      [of('open')]: {
        kind: 'branch',
        when: [{ if: { hours: 'office' }, next: 'person' }],
        otherwise: of('closed'),
      },
      [of('closed')]: { kind: 'hang-up', prompts: ['closed'], outcome: 'closed' },
    });
  }
  // Menus above lead to five each, until one is left.
  let level = starts;
  for (let depth = 0; level.length > 1; depth += 1) {
    const above: string[] = [];
    for (let i = 0; i < level.length; i += keys.length) {
      const name = `level-${depth}-${i}`;
      const below = level.slice(i, i + keys.length);
      nodes[name] = {
        kind: 'menu',
        prompts: ['menu'],
        keys: Object.fromEntries(below.map((to, at) => [keys[at] ?? '5', to])),
      };
      above.push(name);
    }
    level = above;
  }
  return stringify({
    flow: 'big',
    version: 1,
    language: 'zh-CN',
    start: level[0],
    person: 'person',
    agentLost: 'person',
    nodes,
  });
}
