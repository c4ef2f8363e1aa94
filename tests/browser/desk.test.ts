import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { signIn } from './support/browser.ts';
import { at, emptyFloor, waitingCall, withAgent, withCalls } from './support/floor.ts';
import { screensUnderTest, soon } from './support/screens-under-test.ts';

const stage = screensUnderTest();

describe('the desk', () => {
  it('sets the own state with one press, and shows what the server says', async () => {
    const { page } = stage.visitor;
    await signIn(page, '1001');
    await page.locator('.desk-state[data-state=signed-out]').waitFor();
    await page.getByText('没有可用的话机').waitFor();
    await page.getByRole('button', { name: '示闲' }).click();
    await until('the command', () => stage.screens.commands.length === 1);
    expect(stage.screens.commands[0]).toMatchObject({ agent: '1001', intent: { kind: 'ready' }, by: '1001' });
    stage.screens.show(withAgent(emptyFloor(Date.now()), '1001', { state: 'available', devices: ['sip'] }));
    await page.locator('.desk-state[data-state=available]').waitFor();
    await page.locator('[data-phone=reachable]').waitFor();
    await page.getByRole('button', { name: '就餐' }).click();
    await until('the second command', () => stage.screens.commands.length === 2);
    expect(stage.screens.commands[1]).toMatchObject({ intent: { kind: 'not-ready', reason: 'meal' } });
  });

  it('tells of a refusal in words', async () => {
    const { page } = stage.visitor;
    stage.screens.state.answer = () => ({ ok: false, code: 'phone-unreachable', message: 'no phone' });
    await signIn(page, '1001');
    await page.getByRole('button', { name: '示闲' }).click();
    await page.getByText('话机未注册，无法示闲').waitFor();
  });

  it('shows the call, then counts the wrap-up down and can end it', async () => {
    const { page } = stage.visitor;
    const now = Date.now();
    const call = waitingCall(now, 0, { stage: 'talking', agent: '1001', position: null });
    const floor = withCalls(emptyFloor(now), [call]);
    const busy = { callId: call.callId, devices: ['sip' as const] };
    stage.screens.state.floor = withAgent(floor, '1001', { state: 'on-call', ...busy });
    await signIn(page, '1001');
    await page.locator(`[data-call="${call.callId}"]`, { hasText: '138****0000' }).waitFor();
    stage.screens.show(
      withAgent(floor, '1001', { state: 'wrapping-up', until: at(Date.now() + 30_000), ...busy }),
    );
    const left = page.locator('.desk-since time');
    await page.locator('.desk-state[data-state=wrapping-up]').waitFor();
    const first = await left.textContent();
    await soon(() => left.textContent()).not.toBe(first);
    await page.getByRole('button', { name: '立即完成，示闲' }).click();
    await until('the command', () => stage.screens.commands.length === 1);
    expect(stage.screens.commands[0]).toMatchObject({ intent: { kind: 'ready' } });
  });
});
