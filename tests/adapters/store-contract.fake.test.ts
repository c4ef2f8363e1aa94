import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import { fakeStore, passwordOf, task } from '../support/http-fakes.ts';
import { storeContract } from './store-contract.ts';

storeContract('the fake store of the HTTP tests', async () => ({
  async fresh() {
    const { auth, tasks, audit, store, audited, state } = fakeStore();
    return {
      ...{ auth, tasks, audit, records: store, passwordOf },
      async happens(events) {
        state.calls.push(...foldLedger(emptyLedger(), events).calls.values());
        const messages = new Map(
          events.flatMap((event) =>
            event.type === 'VoicemailEnded' ? [[event.callId, event.recordingId] as const] : [],
          ),
        );
        for (const event of events) {
          if (event.type !== 'TaskOpened') continue;
          const { taskId, at: openedAt, kind, callId, hotline, queue, agent, number, because } = event;
          const recording = (kind === 'voicemail' && callId && messages.get(callId)) || null;
          state.tasks.push(
            task(taskId, { openedAt, kind, callId, hotline, queue, agent, number, because, recording }),
          );
        }
      },
      audited: async () => audited.map(({ user, action, resource }) => ({ user, action, resource })),
      close: async () => undefined,
    };
  },
  close: async () => undefined,
}));
