import type { Application } from '../../../runtime/application.ts';
import type { RecordsPort } from '../../../runtime/people-port.ts';
import { type LedgerView, ledgerSchema } from '../contract/ledger.ts';
import { fromStore } from '../deadline.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

const mostEntries = 500;

/** Where our two books differ: records and Asterisk's own account, counters and records. */
export function ledgerRoutes(parts: {
  application: Application;
  store: RecordsPort;
  limits: HttpLimits;
}): Route[] {
  const { application, store, limits } = parts;
  const ledger = route({
    method: 'get',
    path: '/api/v1/ledger',
    operationId: 'getLedger',
    summary: 'Calls that only one of our records and the account of Asterisk tells of, and KPIs that differ',
    tag: 'records',
    access: ['lead', 'admin'],
    replies: { 200: { description: 'Empty lists when all is well', schema: ledgerSchema } },
    refusals: ['store-unavailable'],
    async handle({ res }) {
      const unexplained = await fromStore(store.unexplained(mostEntries), limits.answerMs);
      const { unexplainedCalls, kpi } = application.books();
      const answer: LedgerView = {
        unexplainedCalls,
        unexplained,
        kpi: kpi && {
          checkedAt: kpi.at,
          day: kpi.day,
          differences: kpi.differences.map(({ live, recorded, ...one }) => ({
            ...one,
            live: [...live],
            recorded: [...recorded],
          })),
        },
      };
      res.json(answer);
    },
  });
  return [ledger];
}
