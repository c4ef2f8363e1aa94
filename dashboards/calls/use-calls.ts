import { useCallback } from 'react';
import type { CallRow } from '../../services/adapters/http/contract/calls.ts';
import { listCalls } from '../shared/api/endpoints.ts';
import { type Pages, usePages } from '../shared/api/use-pages.ts';
import { type CallsChoice, filterOf } from './calls-choice.ts';

/** The calls that fit the choice, newest first, page after page; read anew when `trigger` changes. */
export function useCalls(choice: CallsChoice, trigger: unknown): Pages<CallRow> {
  const load = useCallback(
    async (cursor: string | null, signal: AbortSignal) => {
      const { calls, nextCursor } = await listCalls(filterOf(choice, cursor), signal);
      return { rows: calls, nextCursor };
    },
    [choice],
  );
  return usePages(load, trigger);
}
