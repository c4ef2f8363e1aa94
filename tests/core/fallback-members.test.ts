import { expect, test, vi } from 'vitest';
import { FallbackMembers } from '../../services/adapters/ami/fallback-members.ts';
import type { AmiAction } from '../../services/adapters/ami/message.ts';
import { type AgentId, asId, type QueueId } from '../../services/events/ids.ts';

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

/** Lets so many turns of what is already due pass: no timer, no input. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await undefined;
}

test.each(Array.from({ length: 16 }, (_, n) => n))(
  'an agent signs in %i turns after the one before was put in: both are rung while Asterisk serves alone',
  async (later) => {
    const added: string[] = [];
    const members = new FallbackMembers({
      placesOf: () => [{ queue: asId<QueueId>('billing'), penalty: 0 }],
      onDialled: async () => undefined,
      log,
    });
    const signsIn = (agent: string) =>
      members.staff({ agent: asId<AgentId>(agent), intent: 'ready', device: 'sip' });
    const second = Promise.withResolvers<void>();
    await members.up({
      list: async () => [],
      action: async (action: AmiAction) => {
        if (action.action !== 'QueueAdd') return { response: 'Success' };
        added.push(String(action.Interface));
        if (added.length === 1) void turns(later).then(() => second.resolve(signsIn('1002')));
        return { response: 'Success' };
      },
    });
    signsIn('1001');
    await second.promise;
    await new Promise((done) => setImmediate(done));
    expect(added).toEqual(['PJSIP/1001', 'PJSIP/1002']);
  },
);
