import { expect, test } from 'vitest';
import { callerNumberOf } from '../../services/events/caller-number.ts';

test('one customer is one number, whichever way the carrier writes it', () => {
  const written = {
    '13800138000': [
      '+8613800138000',
      '008613800138000',
      '8613800138000',
      '013800138000',
      '+86-138-0013-8000',
    ],
    '01012345678': ['+861012345678', '00861012345678', '010-12345678'],
    '075512345678': ['+8675512345678'],
    '05311234567': ['+865311234567'],
  };
  for (const [kept, ways] of Object.entries(written))
    for (const way of [kept, ...ways]) expect([way, callerNumberOf(way)]).toEqual([way, kept]);
});

test('other numbers and names stay as they came; withheld is nobody', () => {
  for (const said of [
    '',
    '1001',
    'caller',
    'bob.o',
    '95598',
    '+85212345678',
    '0085212345678',
    '+864001234567',
    '电',
  ])
    expect(callerNumberOf(said)).toBe(said);
  for (const said of ['anonymous', 'Anonymous', 'unknown', 'Restricted', 'unavailable'])
    expect(callerNumberOf(said)).toBe('');
});
