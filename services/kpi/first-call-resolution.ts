import { type Fraction, ratioOf } from './kpi.ts';

/**
 * 首次呼叫解决率, version 1, gross, at the level of calls: of the first calls, the share after which the customer did not call again within
 * the window. Customer: the caller's number at one hotline; who withholds it is not counted. A first call is one that was answered by an
 * agent or served by the menus, with none such of the same customer in the window before it. Any call counts as calling again, however it
 * went, except one that was turned away as blocked. Calls that we make do not count at all. What the call was about is not known, so
 * whoever calls again about something else counts as not resolved: the figure is rather too low than too high.
 *
 * Source: 1 − repeated ÷ eligible first calls, "no call in the window before, none in the window after".
 */
export const firstCallResolutionVersion = 1;

/** One call of a customer. `served`: answered by an agent, or all they wanted was in the menus. */
export type Contact = {
  readonly hotline: string;
  readonly number: string;
  readonly atMs: number;
  readonly served: boolean;
};

/** `first`: first calls. `repeated`: those of them after which the customer called again within the window. */
export type FirstCalls = { readonly first: number; readonly repeated: number };

/** 0…1; null when there was no first call. */
export const firstCallResolution = (calls: FirstCalls): number | null => ratioOf(resolved(calls));
const resolved = ({ first, repeated }: FirstCalls): Fraction => ({
  numerator: first - repeated,
  denominator: first,
});

/**
 * Counts the first calls that began in [`fromMs`, `toMs`), by hotline. The contacts have to reach a window further back, and, where the
 * figure is to be final, a window further on.
 */
export function countFirstCalls(
  contacts: readonly Contact[],
  { fromMs, toMs, windowMs }: { fromMs: number; toMs: number; windowMs: number },
): Map<string, FirstCalls> {
  const counts = new Map<string, FirstCalls>();
  for (const own of byCustomer(contacts)) {
    for (const { hotline, atMs, served } of own) {
      if (!served || atMs < fromMs || atMs >= toMs) continue;
      if (own.some((other) => other.served && other.atMs < atMs && other.atMs >= atMs - windowMs)) continue;
      const again = own.some((other) => other.atMs > atMs && other.atMs <= atMs + windowMs);
      const { first, repeated } = counts.get(hotline) ?? { first: 0, repeated: 0 };
      counts.set(hotline, { first: first + 1, repeated: repeated + (again ? 1 : 0) });
    }
  }
  return counts;
}

function byCustomer(contacts: readonly Contact[]): Iterable<Contact[]> {
  const customers = new Map<string, Contact[]>();
  for (const contact of contacts) {
    if (contact.number === '') continue;
    const customer = `${contact.hotline} ${contact.number}`;
    const own = customers.get(customer);
    if (own) own.push(contact);
    else customers.set(customer, [contact]);
  }
  return customers.values();
}
