import type { Instance } from './instance.ts';
import { metricSum } from './metrics-text.ts';
import { until } from './until.ts';

/** Waits until all calls are old enough to be judged, both witnesses tell of all of them, and nothing is unexplained. */
export async function nothingUnexplained(
  { instance }: { instance: Instance },
  withinMs = 90_000,
): Promise<void> {
  let seen: unknown;
  const probe = async () => {
    const [counts] = await instance.query<{ calls: number; witnessed: number }>(
      `select (select count(*)::int from call_record) as calls,
              (select count(*)::int from call_record join hotline.witnessed_call using (call_id)) as witnessed`,
    );
    const unexplained = await instance.query('select * from ledger_unexplained');
    const youngest = await instance.query(
      "select call_id from call_record where started_at > now() - interval '45 s'",
    );
    const metric = metricSum(await instance.metrics(), 'hotline_ledger_unexplained_calls');
    seen = { counts, unexplained, metric, youngest };
    const judged = youngest.length === 0 && counts?.calls === counts?.witnessed;
    return judged && unexplained.length === 0 && metric === 0;
  };
  await until('both witnesses to agree', probe, { withinMs, everyMs: 500, seen: () => JSON.stringify(seen) });
}
