import { useCallback, useEffect, useState } from 'react';
import type { CallRow } from '../../services/adapters/http/contract/calls.ts';
import { listCalls } from '../shared/api/endpoints.ts';
import { type CallsChoice, filterOf } from './calls-choice.ts';

export type Calls = {
  calls: CallRow[];
  loading: boolean;
  failure: unknown;
  /** Loads the next page; null when there is none. */
  more: (() => void) | null;
  reload: () => void;
};

/** The calls that fit the choice, newest first, page after page. A new choice drops what is under way for the old one. */
export function useCalls(choice: CallsChoice): Calls {
  const [calls, setCalls] = useState<CallRow[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [wanted, setWanted] = useState<{ choice: CallsChoice; cursor: string | null }>({
    choice,
    cursor: null,
  });
  const [loading, setLoading] = useState(true);

  useEffect(() => setWanted({ choice, cursor: null }), [choice]);
  useEffect(() => {
    const abort = new AbortController();
    setLoading(true);
    const load = async () => {
      try {
        const page = await listCalls(filterOf(wanted.choice, wanted.cursor), abort.signal);
        setCalls((before) => (wanted.cursor === null ? page.calls : [...before, ...page.calls]));
        setCursor(page.nextCursor);
        setFailure(null);
      } catch (error) {
        if (abort.signal.aborted) return;
        setFailure(error);
        // What was found for another choice must not stand under this one.
        if (wanted.cursor === null) setCalls([]);
        setCursor(null);
      }
      if (!abort.signal.aborted) setLoading(false);
    };
    void load();
    return () => abort.abort();
  }, [wanted]);

  const reload = useCallback(() => setWanted({ choice, cursor: null }), [choice]);
  const more = cursor === null ? null : () => setWanted({ choice, cursor });
  return { calls, loading, failure, more, reload };
}
