import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import {
  join,
  type Line,
  leaveLine,
  positionOf,
  servedBefore,
  type Waiting,
} from '../../services/queueing/queue.ts';

const waiting = (name: string, over: Partial<Waiting> = {}): Waiting => ({
  visitId: asId(name),
  callId: asId(name),
  legId: asId(name),
  queue: asId('billing'),
  hotline: asId('95598'),
  priority: 0,
  queuedAt: instant(0),
  beingRung: false,
  skills: [],
  ...over,
});
const line = (...visits: Waiting[]): Line => visits.reduce<Line>(join, []);

describe('a queue', () => {
  test('serves who came first, but higher priority before', () => {
    const [early, late, urgent] = [
      waiting('early', { queuedAt: instant(1) }),
      waiting('late', { queuedAt: instant(2) }),
      waiting('urgent', { queuedAt: instant(3), priority: 10 }),
    ];
    const all = line(late, urgent, early);
    expect(all.map((v) => v.visitId)).toEqual(['urgent', 'early', 'late']);
    expect(positionOf(all, early.visitId)).toBe(2);
    expect(positionOf(leaveLine(all, urgent.visitId), early.visitId)).toBe(1);
    expect(positionOf(all, asId('nobody'))).toBe(0);
  });

  test('is always in serving order, whatever the order of joining (property)', () => {
    const visits = fc.array(
      fc.record({ priority: fc.integer({ min: 0, max: 3 }), queuedAt: fc.integer({ min: 0, max: 20 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(visits, (all) => {
        const built = line(
          ...all.map((v, i) => waiting(`v${i}`, { priority: v.priority, queuedAt: instant(v.queuedAt) })),
        );
        expect([...built].sort(servedBefore)).toEqual(built);
        expect(built).toHaveLength(all.length);
      }),
    );
  });
});
