import { describe, expect, it } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { callRecord } from '../support/http-fakes.ts';
import { until } from '../support/until.ts';
import { signIn } from './support/browser.ts';
import { at } from './support/floor.ts';
import { screensUnderTest } from './support/screens-under-test.ts';

const stage = screensUnderTest();

describe('calls', () => {
  it('are listed, filtered, and one is shown with its timeline', async () => {
    const { page } = stage.visitor;
    const call = callRecord('node-1-1790000000.7', '1001', at(Date.now()));
    stage.screens.people.state.calls = [call];
    stage.screens.people.state.details.set(call.callId, {
      call,
      timeline: [
        {
          type: 'DigitPressed',
          callId: call.callId,
          digit: '0',
          result: 'accepted',
          eventId: 'e1' as never,
          seq: 1,
          at: at(call.startedAt + 5000),
        },
        {
          type: 'CallHeld',
          callId: call.callId,
          agent: asId('1001'),
          promise: { reason: 'system', promisedMs: 60_000 },
          eventId: 'e2' as never,
          seq: 2,
          at: at(call.startedAt + 20_000),
        },
      ],
    });
    await signIn(page, 'lead', '/calls');
    await page.locator(`[data-call="${call.callId}"]`).waitFor();
    await page.getByRole('combobox', { name: '结果' }).click();
    await page.getByTitle('排队放弃').click();
    await until(
      'the filtered question',
      () => stage.screens.people.queries.at(-1)?.outcome === 'abandoned_in_queue',
    );
    // What does not fit goes, and is back with what does.
    await page.locator(`[data-call="${call.callId}"]`).waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: '结果' }).click();
    await page.getByTitle('已接通').click();
    await page.locator(`[data-call="${call.callId}"] button`).click();
    const drawer = page.getByRole('dialog');
    await drawer.locator('[data-event=DigitPressed]', { hasText: '+0:05' }).waitFor();
    await drawer.locator('[data-event=CallHeld]', { hasText: '系统处理较慢 · 承诺 1:00' }).waitFor();
    expect(await drawer.textContent()).toContain('138****1234');
    // The address names the call, so that it can be sent to someone.
    await page.reload();
    await page.getByRole('dialog').locator('[data-event=DigitPressed]').waitFor();
    await page.keyboard.press('Escape');
    await until('the address without the call', () => !page.url().includes('call='));
  });
});
