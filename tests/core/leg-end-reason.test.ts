import { expect, test } from 'vitest';
import { endReason } from '../../services/adapters/ari/causes.ts';

const leg = {
  role: 'agent',
  state: 'new',
  doomed: false,
  dialled: true,
  rangOut: false,
  cause: null,
} as const;

test('a phone that was never dialled has refused nothing, whatever cause Asterisk names', () => {
  for (const cause of [17, 21]) {
    expect(endReason({ ...leg, cause, dialled: false })).toBe('failed');
    expect(endReason({ ...leg, cause, dialled: false, doomed: true })).toBe('cancelled');
    expect(endReason({ ...leg, cause })).toBe(cause === 17 ? 'busy' : 'declined');
  }
  expect(endReason({ ...leg, cause: 20, dialled: false })).toBe('unreachable');
});
