import { useCallback, useEffect, useState } from 'react';
import type { FlowOverviewView } from '../../services/adapters/http/contract/ivr.ts';
import { listFlows } from '../shared/api/endpoints.ts';

export type Flows = {
  flows: readonly FlowOverviewView[] | null;
  loading: boolean;
  failure: unknown;
  reload: () => void;
  /** One of them is now as this says. */
  changed: (flow: FlowOverviewView) => void;
};

/** The flows with their versions; what was read stays until it is read anew. */
export function useFlows(): Flows {
  const [flows, setFlows] = useState<readonly FlowOverviewView[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const [asked, setAsked] = useState(0);

  // Read again when asked to, though the number itself is not used.
  useEffect(() => {
    void asked;
    const abort = new AbortController();
    setLoading(true);
    const load = async () => {
      try {
        setFlows((await listFlows(abort.signal)).flows);
        setFailure(null);
      } catch (error) {
        if (!abort.signal.aborted) setFailure(error);
      }
      if (!abort.signal.aborted) setLoading(false);
    };
    void load();
    return () => abort.abort();
  }, [asked]);

  const reload = useCallback(() => setAsked((before) => before + 1), []);
  const changed = useCallback(
    (flow: FlowOverviewView) =>
      setFlows((before) => before?.map((one) => (one.flow === flow.flow ? flow : one)) ?? null),
    [],
  );
  return { flows, loading, failure, reload, changed };
}
