import { App } from 'antd';
import { useState } from 'react';
import { failureText } from '../../shared/api/failure-text.ts';

/**
 * Asks the server for one thing at a time, and says in words when it does not do it. What happened is never assumed: the live data shows it.
 * `asked` is the name of what is under way; buttons wait for it.
 */
export function useAsking(): {
  asked: string | null;
  ask: (name: string, request: () => Promise<unknown>) => Promise<void>;
} {
  const { message } = App.useApp();
  const [asked, setAsked] = useState<string | null>(null);
  const ask = async (name: string, request: () => Promise<unknown>) => {
    setAsked(name);
    try {
      await request();
    } catch (error) {
      message.error(failureText(error), 6);
    } finally {
      setAsked(null);
    }
  };
  return { asked, ask };
}
