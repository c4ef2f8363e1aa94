import type { ReactNode } from 'react';

/** What stands where a list is empty: what that means, and what to do. */
export function Hint({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="hint">
      <strong>{title}</strong>
      {children}
    </div>
  );
}
