import type { LookupPort, LookupSink } from './lookup-port.ts';

/** No data source is connected: every question fails, as if its source were away. */
export const createNoLookups = (sink: LookupSink): LookupPort => ({
  ask: ({ lookupId }) =>
    queueMicrotask(() =>
      sink({
        kind: 'lookup-ended',
        lookupId,
        result: 'failed',
        values: {},
        because: 'no data source is connected',
      }),
    ),
});
