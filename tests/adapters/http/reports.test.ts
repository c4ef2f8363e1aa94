import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kpiDefinitionsSchema, kpiReportSchema } from '../../../services/adapters/http/contract/index.ts';
import { asId, type QueueId } from '../../../services/events/ids.ts';
import { instant } from '../../../services/events/instant.ts';
import { noCounts } from '../../../services/kpi/counts.ts';
import { noon } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

describe('the KPI report', () => {
  const path = '/api/v1/reports/kpi?from=2026-05-01T00:00:00%2B08:00&to=2026-05-02T00:00:00%2B08:00';

  test('gives KPIs per queue and interval, totals, and overall', async () => {
    const queue = asId<QueueId>('power-service');
    http.people.state.report = [0, 1].map((n) => ({
      queue,
      intervalStart: instant(noon + n * 3600_000),
      counts: { ...noCounts(), offered: 10, answered: 10, answeredInThreshold: n === 0 ? 10 : 5 },
    }));
    const res = await http.get(path, { cookie: await http.signIn('lead') });
    const report = kpiReportSchema.parse(await res.json());
    const levels = [...report.rows, ...report.totals, report.overall].map(
      (row) => row.kpis.find((one) => one.kpi === 'service_level')?.value,
    );
    expect(levels).toEqual([1, 0.5, 0.75, 0.75]);
    expect(report.interval).toBe('hour');
  });

  test('is for leads and administrators; its span is bounded', async () => {
    expect((await http.get(path, { cookie: await http.signIn('1001') })).status).toBe(403);
    const cookie = await http.signIn('admin');
    const long = '/api/v1/reports/kpi?from=2026-01-01T00:00:00Z&to=2026-05-01T00:00:00Z';
    expect(await problemOf(await http.get(long, { cookie }))).toMatchObject({ code: 'invalid-query' });
    expect((await http.get(`${long}&interval=day`, { cookie })).status).toBe(200);
    const backwards = '/api/v1/reports/kpi?to=2026-01-01T00:00:00Z&from=2026-05-01T00:00:00Z';
    expect((await http.get(backwards, { cookie })).status).toBe(400);
    const spaced = '/api/v1/reports/kpi?from=2026-01-01T00:00:00+08:00&to=1768000000000';
    expect((await problemOf(await http.get(spaced, { cookie }))).detail).toContain(
      'from: not a moment; write 2026-05-01T08:00:00%2B08:00',
    );
  });

  test('each KPI is explained in both languages', async () => {
    const res = await http.get('/api/v1/reports/definitions', { cookie: await http.signIn('1001') });
    const { kpis } = kpiDefinitionsSchema.parse(await res.json());
    expect(kpis.map((one) => one.kpi)).toContain('service_level');
    expect(kpis.every((one) => one.text.en !== '' && one.text['zh-CN'] !== '')).toBe(true);
  });
});
