import { type Dispatch, type SetStateAction, useCallback, useEffect, useState } from 'react';

/** A part of a list, and where it goes on; null after the last. */
export type Page<Row> = { rows: Row[]; nextCursor: string | null };

export type Pages<Row> = {
  rows: Row[];
  loading: boolean;
  failure: unknown;
  /** Loads the next page; null when there is none. */
  more: (() => void) | null;
  /** Begins anew. */
  reload: () => void;
  setRows: Dispatch<SetStateAction<Row[]>>;
};

/**
 * A list that comes page after page. `load` says what is wanted: another one (give it a stable identity) drops what is under way for the one
 * before, and begins anew; so does a change of `trigger`, which says that there may be something new.
 */
export function usePages<Row>(
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<Row>>,
  trigger: unknown = null,
): Pages<Row> {
  const [rows, setRows] = useState<Row[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const [wanted, setWanted] = useState<{ load: typeof load; cursor: string | null }>({ load, cursor: null });

  useEffect(() => setWanted({ load, cursor: null }), [load, trigger]);
  useEffect(() => {
    const abort = new AbortController();
    setLoading(true);
    const run = async () => {
      try {
        const page = await wanted.load(wanted.cursor, abort.signal);
        setRows((before) => (wanted.cursor === null ? page.rows : [...before, ...page.rows]));
        setCursor(page.nextCursor);
        setFailure(null);
      } catch (error) {
        if (abort.signal.aborted) return;
        setFailure(error);
        // What was found for another choice must not stand under this one.
        if (wanted.cursor === null) setRows([]);
        setCursor(null);
      }
      if (!abort.signal.aborted) setLoading(false);
    };
    void run();
    return () => abort.abort();
  }, [wanted]);

  const reload = useCallback(() => setWanted({ load, cursor: null }), [load]);
  const more = cursor === null ? null : () => setWanted({ load, cursor });
  return { rows, loading, failure, more, reload, setRows };
}
