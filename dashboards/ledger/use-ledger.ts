import { useCallback, useEffect, useState } from 'react';
import type { LedgerView } from '../../services/adapters/http/contract/ledger.ts';
import { readLedger } from '../shared/api/endpoints.ts';

export type Ledger = { ledger: LedgerView | null; loading: boolean; failure: unknown; reload: () => void };

/** What the books differ on. Read at once and whenever one of `triggers` changes; what was read stays until it is read anew. */
export function useLedger(...triggers: readonly unknown[]): Ledger {
  const [ledger, setLedger] = useState<LedgerView | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const [asked, setAsked] = useState(0);
  const trigger = triggers.join();

  // Read again when a trigger changes, though it is not used.
  useEffect(() => {
    const abort = new AbortController();
    setLoading(true);
    const load = async () => {
      try {
        setLedger(await readLedger(abort.signal));
        setFailure(null);
      } catch (error) {
        if (!abort.signal.aborted) setFailure(error);
      }
      if (!abort.signal.aborted) setLoading(false);
    };
    void load();
    return () => abort.abort();
  }, [asked, trigger]);

  const reload = useCallback(() => setAsked((before) => before + 1), []);
  return { ledger, loading, failure, reload };
}
