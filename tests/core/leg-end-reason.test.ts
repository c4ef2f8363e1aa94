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

/** As Asterisk 22 maps 488, 484, 501, 503, 500, 409, 415, 504, and a 302 that is not followed. */
const phonesOwn = [58, 28, 29, 34, 38, 41, 127, 102, 16];

test('a phone that answers it cannot take the call is no failure of ours: it is not rung without end', () => {
  for (const cause of phonesOwn)
    expect([cause, endReason({ ...leg, cause })]).toEqual([cause, 'unreachable']);
  for (const cause of phonesOwn) expect(endReason({ ...leg, cause, doomed: true })).toBe('cancelled');
  for (const cause of phonesOwn) expect(endReason({ ...leg, cause, rangOut: true })).toBe('no-answer');
});

test('what Asterisk could not do, and what a carrier could not, is no fault of a phone', () => {
  expect(endReason({ ...leg, cause: 0 })).toBe('failed');
  expect(endReason(leg)).toBe('failed');
  expect(endReason({ ...leg, cause: 38, dialled: false })).toBe('failed');
  expect(endReason({ ...leg, cause: 34, role: 'outside' })).toBe('failed');
});

test('a phone that was answered as its ring time ended has not hung up: the caller is not let go for it', () => {
  expect(endReason({ ...leg, state: 'up', rangOut: true, cause: 16 })).toBe('failed');
  expect(endReason({ ...leg, state: 'up', cause: 16 })).toBe('normal');
});
