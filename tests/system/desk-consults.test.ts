import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFailed, test } from 'vitest';
import { launchBrowser, openVisitor, type Visitor } from '../browser/support/browser.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';

const callerHz = 440;
const agentHz = 880;
const colleagueHz = 1_300;

let hotline: HotlineAtWork;
let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  [hotline, browser] = await Promise.all([
    HotlineAtWork.start({ ringTimeoutSeconds: 20, agents: 3 }),
    launchBrowser(),
  ]);
  visitor = await openVisitor(browser, hotline.instance.url);
  page = visitor.page;
  await page.goto('/');
  await page.locator('input[autocomplete=username]').fill('1001');
  await page
    .locator('input[autocomplete=current-password]')
    .fill(hotline.instance.credentials.users['1001'] ?? '');
  await page.locator('button[type=submit]').click();
  await page.locator('.desk-state').waitFor();
});
afterEach(() => hotline.tidyUp());
afterAll(async () => {
  await browser?.close();
  await hotline?.stop();
});

/** By its words; an icon may stand before them. */
const button = (words: string) => page.getByRole('button', { name: new RegExp(`(^|\\s)${words}$`) });

test('an agent with a telephone on the table asks a colleague from the desk, and leaves the caller there', async () => {
  onTestFailed(() => console.error(hotline.instance.logs()));
  const agent = await hotline.ready('1001', { toneHz: agentHz, answer: 'manual' });
  const call = await hotline.waiting({ toneHz: callerHz });
  await agent.incoming();
  await agent.answer();
  await page.locator('[data-call-actions=talking]').waitFor();
  const colleague = await hotline.ready('1002', { toneHz: colleagueHz, answer: 'manual' });

  await button('咨询').click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('[data-colleague="1002"] input:enabled').check();
  await dialog.getByRole('textbox', { name: '原因' }).fill('核实账单');
  await page.keyboard.press('Enter');
  await page.locator('[data-consult=ringing]').waitFor();
  await colleague.incoming();
  await colleague.answer();
  await page.locator('[data-consult=target]').waitFor();
  await colleague.media.hears(agentHz);

  await page.getByRole('button', { name: /切换到/ }).click();
  await page.locator('[data-consult=caller]').waitFor();
  await button('三方通话').click();
  await page.locator('[data-consult=all]').waitFor();
  await call.media.hears(colleagueHz, { sinceMs: call.media.recording.lengthMs });

  await button('完成转接').click();
  await page.locator('[data-consult]').waitFor({ state: 'detached' });
  await agent.idle();
  await colleague.media.hears(callerHz, { sinceMs: colleague.media.recording.lengthMs });
  await hotline.agentIs('1002', 'on-call');
  await colleague.hangUp();
  await call.ended();

  const { record } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', agent: '1002', transfers: 1 });
  // The page of the agent's calls says why: who was rung, and who hung up.
  await page.goto(`/calls?call=${encodeURIComponent(String(record.call_id))}`);
  const why = page.locator('[data-why]');
  await why.locator('[data-why-span=rung]').first().waitFor();
  await why.locator('[data-why-end=agent-hung-up]').waitFor();
  expect(await why.textContent()).toContain('1002');
  expect(visitor.troubles).toEqual([]);
});
