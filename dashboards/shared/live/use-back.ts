import { useEffect, useRef, useState } from 'react';

/** How often a part has come back since this page was opened: what failed without it can be tried again. */
export function useBack(part: 'up' | 'down' | undefined): number {
  const wasDown = useRef(false);
  const [times, setTimes] = useState(0);
  useEffect(() => {
    if (part === 'down') wasDown.current = true;
    if (part !== 'up' || !wasDown.current) return;
    wasDown.current = false;
    setTimes((before) => before + 1);
  }, [part]);
  return times;
}
