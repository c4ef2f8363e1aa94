import type { Instance } from './instance.ts';
import { until } from './until.ts';

/** Waits until the demo customers (db/seeds) can be looked up: they are sown after the tables are there, and nobody waits for it. */
export async function demoCustomersAreThere({ query }: Pick<Instance, 'query'>): Promise<void> {
  await until(
    'demo customers',
    async () => {
      // Sown in one transaction.
      const [row] = await query<{ n: number }>('select count(*)::int as n from service.service_order');
      return (row?.n ?? 0) > 0;
    },
    { withinMs: 30_000, everyMs: 50 },
  );
}
