import { describe, expect, it } from 'vitest';
import { callRecord, passwordOf } from '../support/http-fakes.ts';
import { fillSignIn, fits, narrow, openVisitor, signIn } from './support/browser.ts';
import { at, busyFloor } from './support/floor.ts';
import { screensUnderTest } from './support/screens-under-test.ts';

const stage = screensUnderTest();

describe('signing in', () => {
  it('says that the password is wrong, in the language of the page, and lets one try again', async () => {
    const { page } = stage.visitor;
    await page.goto('/');
    await fillSignIn(page, 'lead', 'wrong');
    await page.getByText('账号或密码不正确。').waitFor();
    await page.getByTestId('language-switch').click();
    await page.getByText('Wrong account or password.').waitFor();
    await fillSignIn(page, 'lead', passwordOf('lead'));
    await page.locator('[data-queue=power-service]').waitFor();
  });

  it('brings agents to their desk and leads to the board', async () => {
    await signIn(stage.visitor.page, '1001');
    await stage.visitor.page.locator('.desk-state').waitFor();
    const lead = await openVisitor(stage.browser, stage.screens.base);
    await signIn(lead.page, 'lead');
    await lead.page.locator('.board').waitFor();
    expect(await lead.page.getByRole('link', { name: '我的工作台' }).count()).toBe(0);
    await lead.context.close();
  });

  it('outlasts a reload, and ends with signing out', async () => {
    const { page } = stage.visitor;
    await signIn(page, 'lead');
    await page.reload();
    await page.locator('.board').waitFor();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('input[autocomplete=username]').waitFor();
    await page.reload();
    await page.locator('input[autocomplete=username]').waitFor();
  });

  it('tells someone whose session ended elsewhere why they have to sign in again', async () => {
    const { page } = stage.visitor;
    await signIn(page, 'lead');
    await page.locator('.board').waitFor();
    // The same browser signs out in another tab.
    await page.evaluate(() =>
      fetch('/api/v1/session', { method: 'DELETE', headers: { 'content-type': 'application/json' } }),
    );
    await page.getByText('登录已失效，请重新登录。').waitFor();
  });
});

describe('every page', () => {
  it('speaks the chosen language, also after a reload', async () => {
    const { page } = stage.visitor;
    await signIn(page, 'lead');
    await page.getByText('正在等待', { exact: true }).waitFor();
    await page.getByTestId('language-switch').click();
    await page.getByText('Waiting now', { exact: true }).first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await page.getByText('Nobody is waiting').waitFor();
  });

  it("begins in the browser's language", async () => {
    const guest = await openVisitor(stage.browser, stage.screens.base, { locale: 'en-GB' });
    await guest.page.goto('/');
    await guest.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await guest.context.close();
  });

  it('keeps to its own host and its content policy', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = busyFloor(Date.now(), { agents: 10, calls: 12 });
    await signIn(page, 'lead');
    await page.locator('.board').waitFor();
    await page.getByRole('link', { name: '通话记录' }).click();
    await page.getByText('没有符合条件的通话').waitFor();
    expect(stage.visitor.strangers).toEqual([]);
    expect(stage.visitor.troubles).toEqual([]);
  });

  it.each(['zh-CN', 'en-US'])('fits a telephone without scrolling sideways (%s)', async (locale) => {
    stage.screens.state.floor = busyFloor(Date.now(), { agents: 20, calls: 40 });
    stage.screens.people.state.calls = [callRecord('node-1-1790000000.7', '1001', at(Date.now()))];
    const phone = await openVisitor(stage.browser, stage.screens.base, { locale, viewport: narrow });
    await phone.page.goto('/');
    await fits(phone.page);
    await signIn(phone.page, '1001');
    for (const [path, sign] of [
      ['/desk', '.desk-state'],
      ['/board', '[data-agent="1001"]'],
      ['/calls', '.calls-table'],
    ] as const) {
      await phone.page.goto(path);
      await phone.page.locator(sign).waitFor();
      await fits(phone.page, path);
    }
    await phone.context.close();
  });

  it.each(['zh-CN', 'en-US'])(
    'fits windows from a tablet to a desk without scrolling sideways (%s)',
    async (locale) => {
      stage.screens.state.floor = busyFloor(Date.now(), { agents: 20, calls: 40 });
      const guest = await openVisitor(stage.browser, stage.screens.base, { locale });
      await signIn(guest.page, 'lead', '/board');
      await guest.page.locator('[data-agent="1001"]').waitFor();
      for (const width of [768, 1024, 1140, 1310, 1440]) {
        await guest.page.setViewportSize({ width, height: 900 });
        await fits(guest.page, `${width} px`);
        const [card, states] = await Promise.all(
          ['.queue', '.queue-states'].map((part) => guest.page.locator(part).first().boundingBox()),
        );
        if (!card || !states) throw new Error('no queue is shown');
        expect(states.x + states.width, `${width} px: within its card`).toBeLessThanOrEqual(
          card.x + card.width,
        );
      }
      await guest.context.close();
    },
  );
});
