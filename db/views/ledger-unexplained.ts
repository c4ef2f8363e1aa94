import type { View } from './view.ts';

export const ledgerUnexplained: View = {
  name: 'ledger_unexplained',
  comment:
    "What only one of two witnesses tells of: a channel of Asterisk's own account that is no leg of a recorded call, or a record of which Asterisk knows no channel. Empty when all is well.",
  query: `
    select kind, id, call_id, started_at, reason, found_at
      from hotline.ledger_unexplained`,
};
