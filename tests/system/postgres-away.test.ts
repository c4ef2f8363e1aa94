import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Readiness } from '../../services/adapters/http/contract/health.ts';
import { launchBrowser, openVisitor } from '../browser/support/browser.ts';
import { holdPostgres } from '../support/hold-postgres.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;
let browser: Browser;
let letPostgresGoOn: () => void = () => undefined;
const holdPostgresNow = () => {
  letPostgresGoOn = holdPostgres(hotline.instance);
};

beforeAll(async () => {
  [hotline, browser] = await Promise.all([HotlineAtWork.start(), launchBrowser()]);
});
afterEach(() => letPostgresGoOn());
afterAll(async () => {
  await browser?.close();
  await hotline?.stop();
});

const readiness = async (): Promise<Readiness> =>
  (await (await fetch(`${hotline.instance.url}/readyz`)).json()) as Readiness;

test('Postgres stands still: live data goes on, screens and sign-in say since when, and all is well again afterwards', async () => {
  const { url, credentials } = hotline.instance;
  const asLead = { user: 'lead', password: credentials.users.lead ?? '' };
  const { page } = await openVisitor(browser, url);
  await page.context().request.post('/api/v1/session', { data: asLead });
  await page.goto('/board');
  await page.locator('.board').waitFor();

  // A busy machine may have kept a question waiting before: since when is asked for, so it is to be well until now.
  await until('Postgres to be well', async () => (await readiness()).postgres === 'up');
  const heldAt = Date.now();
  holdPostgresNow();
  // Nothing happens that would have to be stored: it is noticed all the same.
  const away = await until(
    'readiness to say that Postgres is away',
    async () => {
      const ready = await readiness();
      return ready.postgres === 'down' ? ready : null;
    },
    { withinMs: 40_000, everyMs: 100 },
  );
  expect(away.ready).toBe(true);
  const since = away.downSince?.postgres ?? 0;
  expect(since).toBeGreaterThanOrEqual(heldAt);
  expect(since).toBeLessThanOrEqual(Date.now());
  const banner = page.locator('[data-stale=postgres]');
  await banner.waitFor();

  const call = await hotline.phones.dial('95598', { from: '13900000021' });
  await call.answered();
  // In line there is time: a menu that hears nothing lets the caller go after half a minute.
  await call.press('0');
  await page.getByRole('link', { name: '通话记录' }).click();
  await page.getByText(/数据库自 .*\d\d:\d\d:\d\d 起不可用/).waitFor({ timeout: 30_000 });
  const askedAt = Date.now();
  const refused = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asLead),
  });
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'store-unavailable', since });
  expect(Date.now() - askedAt).toBeLessThan(20_000);

  letPostgresGoOn();
  await until('readiness to say that it is back', async () => (await readiness()).postgres === 'up', {
    withinMs: 60_000,
    everyMs: 100,
  });
  await banner.waitFor({ state: 'detached', timeout: 30_000 });
  call.hangUp();
  await call.ended();
  const { record } = await hotline.ledger.historyOf(call.sipCallId, 30_000);
  expect(record.outcome).toBe('abandoned_in_queue');
  // The page has read again by itself.
  await page.locator('.calls-table').waitFor({ timeout: 30_000 });
  await page.context().close();
}, 150_000);
