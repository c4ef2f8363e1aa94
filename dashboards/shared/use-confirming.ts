import { useState } from 'react';

/**
 * What a dialog's button does, and Enter in its fields: once at a time, and only when what was entered will do. What went wrong is said in
 * the dialog, which stays open with everything entered; `confirm` closes it by what it is given to do.
 */
export function useConfirming(
  ready: boolean,
  act: () => Promise<void>,
): { busy: boolean; failure: unknown; confirm: () => void } {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const confirm = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await act();
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };
  return { busy, failure, confirm: () => void confirm() };
}
