import { describe, expect, it } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { fits, narrow, openVisitor, signIn } from './support/browser.ts';
import { at, emptyFloor } from './support/floor.ts';
import { screensUnderTest } from './support/screens-under-test.ts';

const stage = screensUnderTest();

/** Two calls that only one witness tells of, and a KPI on which the books differ. */
function booksDiffer(): void {
  const now = Date.now();
  const entry = { startedAt: instant(now - 60_000), foundAt: instant(now - 20_000) };
  stage.screens.people.state.unexplained = [
    {
      ...entry,
      kind: 'channel',
      id: 'n1-1790000000.12',
      callId: asId('n1-1790000000.11'),
      reason: 'PJSIP/1001-0000000c is no leg of the recorded call',
      recorded: true,
    },
    {
      ...entry,
      kind: 'record',
      id: 'n1-1790000000.7',
      callId: asId('n1-1790000000.7'),
      reason: 'the account of Asterisk tells of no such call',
      recorded: true,
    },
  ];
  const difference = {
    queue: 'power-service',
    kpi: 'service_level',
    live: [921, 1157],
    recorded: [920, 1157],
  } as const;
  stage.screens.state.books = {
    unexplainedCalls: 2,
    kpi: { at: at(now), day: '2026-05-01', differences: [difference] },
  };
}

describe('the books', () => {
  it('agree: that is said, and the board says nothing of it', async () => {
    const { page } = stage.visitor;
    stage.screens.state.books = {
      unexplainedCalls: 0,
      kpi: { at: at(Date.now()), day: '2026-05-01', differences: [] },
    };
    await signIn(page, 'lead');
    await page.locator('.board').waitFor();
    expect(await page.locator('.board-notice').count()).toBe(0);
    await page.getByRole('link', { name: '对账' }).click();
    await page.getByText('每条线路都有记录，每条记录都有线路。').waitFor();
    await page.getByText('两者相等').waitFor();
  });

  it('differ: the board leads there, each entry says why, and its call can be looked at', async () => {
    const { page } = stage.visitor;
    await signIn(page, 'lead');
    await page.locator('.board').waitFor();
    booksDiffer();
    stage.screens.show(emptyFloor(Date.now()));
    await page.getByText('2 通电话对不上账。').click();
    const channel = page.locator('[data-unexplained="n1-1790000000.12"]');
    await channel.getByText('PJSIP/1001-0000000c 不是所记录通话的线路。').waitFor();
    await page.locator('[data-kpi=service_level]').getByText('实时 921 ÷ 1,157，记录 920 ÷ 1,157').waitFor();
    await page.getByTestId('language-switch').click();
    await channel.getByText('PJSIP/1001-0000000c is no leg of the recorded call.').waitFor();
    await channel.getByRole('link', { name: 'n1-1790000000.11' }).click();
    await page.getByTestId('call-drawer').waitFor();
    expect(stage.visitor.troubles).toEqual([]);
  });

  it('are for leads: an agent has neither the page nor the notice', async () => {
    booksDiffer();
    await signIn(stage.visitor.page, '1001', '/board');
    await stage.visitor.page.locator('.board').waitFor();
    expect(await stage.visitor.page.locator('.board-notice').count()).toBe(0);
    await stage.visitor.page.goto('/ledger');
    await stage.visitor.page.getByText('没有这个页面').waitFor();
  });

  it.each(['zh-CN', 'en-US'])('fit a telephone without scrolling sideways (%s)', async (locale) => {
    booksDiffer();
    const phone = await openVisitor(stage.browser, stage.screens.base, { locale, viewport: narrow });
    await signIn(phone.page, 'lead');
    await phone.page.locator('.board-notice').waitFor();
    await fits(phone.page, 'board');
    await phone.page.goto('/ledger');
    await phone.page.locator('[data-unexplained]').first().waitFor();
    await fits(phone.page, 'ledger');
    await phone.context.close();
  });
});

describe('the database is away', () => {
  // Long ago: the date is said, too.
  const since = Date.parse('2026-05-01T09:07:05+08:00');
  const away = () => {
    stage.screens.people.state.mode = 'away';
    const { health } = stage.screens.state;
    stage.screens.state.health = { ...health, postgres: 'down', downSince: { postgres: at(since) } };
    stage.screens.show(stage.screens.state.floor);
  };
  const back = () => {
    stage.screens.people.state.mode = 'up';
    stage.screens.state.health = {
      ready: true,
      telephony: 'up',
      postgres: 'up',
      journalBacklogEvents: 0,
      journal: 'up',
    };
    stage.screens.show(stage.screens.state.floor);
  };

  it('whoever wants to sign in is told so, and since when', async () => {
    away();
    const { page } = stage.visitor;
    await page.goto('/');
    await page.locator('input[autocomplete=username]').fill('lead');
    await page.locator('input[autocomplete=current-password]').fill('whatever');
    await page.locator('button[type=submit]').click();
    await page.getByText(/数据库自 \S*05-01 09:07:05 起不可用/).waitFor();
    await page.getByTestId('language-switch').click();
    await page.getByText(/The database has been away since \S*05-01 09:07:05/).waitFor();
  });

  it('whoever is signed in stays so; pages say since when, and read again by themselves when it is back', async () => {
    const { page } = stage.visitor;
    await signIn(page, 'lead', '/ledger');
    await page.getByText('每条线路都有记录').waitFor();
    away();
    const banner = page.locator('[data-stale=postgres]');
    await banner.getByText('05-01 09:07:05').waitFor();
    await page.getByRole('link', { name: '通话记录' }).click();
    await page.getByText(/数据库自 \S*05-01 09:07:05 起不可用/).waitFor();
    await page.getByRole('link', { name: '实时监控' }).click();
    await page.locator('[data-queue=power-service]').waitFor();
    await page.getByRole('link', { name: '通话记录' }).click();
    await page.getByText(/数据库自 \S*05-01 09:07:05 起不可用/).waitFor();
    back();
    await page.getByText('没有符合条件的通话').waitFor();
    await banner.waitFor({ state: 'detached' });
  });
});
