import type { TelephonyFact } from '../../../services/runtime/telephony-port.ts';
import type { SimulatedTime } from '../simulated-time.ts';

type Deliver = (fact: TelephonyFact) => void;

/**
 * A wire that is worse than the telephony port promises: now and then a fact comes twice, or so late that others overtake it, of the
 * same leg too. Nothing outlives the connection it came by. An arrival is told twice at once only: afterwards its id would be another
 * call's; and what is said of connections and of phones is told as it is now.
 */
export function unrulyWire(time: SimulatedTime, random: () => number, chances: WireChances) {
  let connection = 0;
  return (fact: TelephonyFact, deliver: Deliver): void => {
    if (fact.kind === 'node-up' || fact.kind === 'node-down') connection += 1;
    const now = connection;
    const later = () =>
      time.schedule(-Math.log(1 - random()) * chances.latenessMs, () => {
        if (connection === now) deliver(fact);
      });
    switch (fact.kind) {
      case 'node-up':
      case 'node-down':
        return deliver(fact);
      case 'phones':
      case 'arrived':
        deliver(fact);
        if (random() < chances.twice) deliver(fact);
        return;
      default:
        if (random() < chances.twice) later();
        if (random() < chances.late) later();
        else deliver(fact);
    }
  };
}

/** Chances 0…1 of each fact; lateness in ms, on average. */
export type WireChances = { readonly late: number; readonly twice: number; readonly latenessMs: number };
