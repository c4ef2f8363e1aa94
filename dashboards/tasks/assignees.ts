import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';

/** Whom a lead can give a task to: oneself first, then every agent. */
export function assignees(
  snapshot: LiveSnapshot | null,
  self: { user: string; name: string },
): { value: string; label: string }[] {
  return [
    { value: self.user, label: self.name },
    ...(snapshot?.agents ?? [])
      .filter(({ agent }) => agent !== self.user)
      .map(({ agent, name }) => ({ value: agent, label: `${name} ${agent}` })),
  ];
}
