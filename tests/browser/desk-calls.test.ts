import { describe, expect, it } from 'vitest';
import type { LiveCall } from '../../services/runtime/live-view.ts';
import { until } from '../support/until.ts';
import { fits, narrow, signIn } from './support/browser.ts';
import { at, emptyFloor, waitingCall, withAgent, withCalls } from './support/floor.ts';
import { screensUnderTest } from './support/screens-under-test.ts';

const stage = screensUnderTest();
const since = at(Date.now());

/** 1001 talks with a caller; 1002 is free, 1003 at lunch. */
function talking(more: Partial<LiveCall> = {}) {
  const call = waitingCall(Date.now(), 0, { stage: 'talking', agent: '1001', position: null, ...more });
  let floor = withCalls(emptyFloor(Date.now()), [call]);
  floor = withAgent(floor, '1002', { state: 'available', devices: ['sip'] });
  floor = withAgent(floor, '1003', { state: 'not-ready', reason: 'meal', devices: ['sip'] });
  return withAgent(floor, '1001', { state: 'on-call', callId: call.callId, devices: ['sip'] });
}
/** The caller waits since then, and was told that it would be half a minute. */
const onHold = (heldAt: number) =>
  withAgent(
    talking({
      held: true,
      hold: { since: at(heldAt), promise: { reason: 'system', promisedMs: 30_000 } },
    }),
    '1001',
    { state: 'on-hold', since: at(heldAt) },
  );
const consulting = (more: Partial<NonNullable<LiveCall['consult']>> = {}, by = '1001', agent = '1002') =>
  talking({
    agent: by,
    consult: {
      by,
      party: { kind: 'agent', agent },
      reason: '核实账单',
      since,
      answered: true,
      speaksWith: 'target',
      ...more,
    },
  });
const asked = (kind: string, more: object = {}) => ({
  kind: 'control-call',
  by: '1001',
  control: { agent: '1001', kind, ...more },
});
const button = (words: string) =>
  stage.visitor.page.getByRole('button', { name: new RegExp(`(^|\\s)${words}$`) });
const lastCommand = async (count: number) => {
  await until(`command ${count}`, () => stage.screens.commands.length === count);
  return stage.screens.commands.at(-1);
};

describe('a call on the desk, with any phone', () => {
  it('is put on hold and taken back', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = talking();
    await signIn(page, '1001');
    await button('保持').click();
    // One key press: why, and for how long, are chosen beforehand.
    expect(await lastCommand(1)).toEqual(asked('hold', { reason: 'checking', promisedMs: 30_000 }));
    stage.screens.show(onHold(Date.now()));
    await page.locator('[data-call-actions=held]').waitFor();
    await button('取回').click();
    expect(await lastCommand(2)).toEqual(asked('resume'));
    await button('挂断').click();
    expect(await lastCommand(3)).toEqual(asked('hang-up'));
  });

  it('counts down to what the caller was told, alerts when it is over, and says how to thank on return', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = talking();
    await signIn(page, '1001');
    await page.getByRole('combobox', { name: '保持原因' }).click();
    await page.getByTitle('系统处理较慢').click();
    await page.getByText('先征得同意，并告知：系统处理较慢，约 30 秒。').waitFor();
    await button('保持').click();
    expect(await lastCommand(1)).toEqual(asked('hold', { reason: 'system', promisedMs: 30_000 }));
    stage.screens.show(onHold(Date.now()));
    await page.locator('[data-hold=promised]').filter({ hasText: '系统处理较慢，还剩 0:' }).waitFor();
    stage.screens.show(onHold(Date.now() - 31_000));
    await page.getByRole('alert').filter({ hasText: '已超过告知的时间' }).waitFor();
    stage.screens.show(talking());
    await page.locator('[data-hold=thanks]').filter({ hasText: '让您久等了' }).waitFor();
    expect(await page.locator('[data-hold]').count()).toBe(1);
  });

  it.each(['zh-CN', 'en'])('fits a narrow screen, also when the time is over (%s)', async (locale) => {
    const { page } = stage.visitor;
    await page.addInitScript((language) => localStorage.setItem('hotline.language', language), locale);
    await page.setViewportSize(narrow);
    stage.screens.state.floor = talking();
    await signIn(page, '1001');
    await page.locator('[data-call-actions=talking]').waitFor();
    await fits(page);
    stage.screens.show(onHold(Date.now() - 31_000));
    await page.locator('[data-hold=over]').waitFor();
    await fits(page);
  });

  it('on hold for half as long again as the caller was told, a lead sees it on the board', async () => {
    const { page } = stage.visitor;
    await signIn(page, 'lead');
    const tile = page.locator('[data-agent="1001"]');
    await tile.waitFor();
    stage.screens.show(onHold(Date.now() - 31_000));
    await tile.filter({ hasText: '系统处理较慢 · 承诺 0:30' }).waitFor();
    stage.screens.show(onHold(Date.now() - 46_000));
    await tile.locator('[data-hold=overdue]').filter({ hasText: '保持超时（承诺 0:30）' }).waitFor();
  });

  it('is passed on by keyboard alone: who is free comes first, and nothing goes without a reason', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = talking();
    await signIn(page, '1001');
    await button('转接').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.locator('[data-colleague="1002"]').waitFor();
    const order = await dialog
      .locator('[data-colleague]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-colleague')));
    expect(order).toEqual(['1002', '1003']);
    expect(await dialog.locator('[data-colleague="1003"] input').isDisabled()).toBe(true);
    await dialog.locator('[data-colleague="1002"] input').focus();
    await page.keyboard.press('Space');
    const confirm = dialog.getByRole('button', { name: '转接' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: '原因' }).focus();
    await page.keyboard.type('核实账单');
    await page.keyboard.press('Enter');
    expect(await lastCommand(1)).toEqual(
      asked('transfer', { to: { kind: 'agent', agent: '1002' }, reason: '核实账单' }),
    );
    await dialog.waitFor({ state: 'detached' });
  });

  it('is passed on to a queue or an outside number, and a refusal is told in words', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = talking();
    stage.screens.state.answer = () => ({ ok: false, code: 'no-trunk', message: 'no trunk' });
    await signIn(page, '1001');
    await button('转接').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('队列', { exact: true }).click();
    await dialog.locator('[data-queue-choice=telecom-service] input').check();
    await dialog.getByRole('textbox', { name: '原因' }).fill('电信业务');
    await page.keyboard.press('Enter');
    expect(await lastCommand(1)).toEqual(
      asked('transfer', { to: { kind: 'queue', queue: 'telecom-service' }, reason: '电信业务' }),
    );
    await dialog.getByText('外线', { exact: true }).click();
    await dialog.getByRole('textbox', { name: '电话号码' }).fill('138 1234 1234');
    await dialog.getByRole('textbox', { name: '原因' }).press('Enter');
    expect(await lastCommand(2)).toEqual(
      asked('transfer', { to: { kind: 'outside', number: '13812341234' }, reason: '电信业务' }),
    );
    await dialog.getByText('没有设置外呼线路').waitFor();
  });
});

describe('advice', () => {
  it('while it rings it can be called off; answered, it leads to a swap, to all three, to a transfer or back', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = consulting({ answered: false });
    await signIn(page, '1001');
    await page.locator('[data-consult=ringing]').waitFor();
    expect(await button('完成转接').isDisabled()).toBe(true);
    await button('取消咨询').click();
    expect(await lastCommand(1)).toEqual(asked('end-consult'));

    stage.screens.show(consulting());
    await page.locator('[data-consult=target]').waitFor();
    await page.getByRole('button', { name: /切换到 138/ }).click();
    expect(await lastCommand(2)).toEqual(asked('swap'));
    stage.screens.show(consulting({ speaksWith: 'caller' }));
    await page.getByRole('button', { name: /切换到 李强 1002/ }).waitFor();
    await button('三方通话').click();
    expect(await lastCommand(3)).toEqual(asked('conference'));
    stage.screens.show(consulting({ speaksWith: 'all' }));
    await page.locator('[data-consult=all]').waitFor();
    expect(await page.getByRole('button', { name: /切换/ }).count()).toBe(0);
    await button('完成转接').click();
    expect(await lastCommand(4)).toEqual(asked('complete-transfer'));
    await button('结束咨询，回到客户').click();
    expect(await lastCommand(5)).toEqual(asked('end-consult'));
  });

  it('whoever is asked reads by whom and about what, also when the caller stays with them', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = consulting({}, '1002', '1001');
    await signIn(page, '1001');
    const notice = page.locator('[data-passed]');
    await notice.filter({ hasText: '李强 1002 咨询您' }).filter({ hasText: '核实账单' }).waitFor();
    expect(await page.locator('[data-call-actions]').count()).toBe(0);
    stage.screens.show(talking());
    await notice.filter({ hasText: '李强 1002 转来' }).filter({ hasText: '核实账单' }).waitFor();
    await page.locator('[data-call-actions]').waitFor();
  });

  it('fits a narrow screen', async () => {
    const { page } = stage.visitor;
    await page.setViewportSize(narrow);
    stage.screens.state.floor = consulting({ reason: 'a very long reason without end '.repeat(6).trim() });
    await signIn(page, '1001');
    await page.locator('[data-consult=target]').waitFor();
    await fits(page);
  });
});

describe('without a call', () => {
  it('a number outside is called for a hotline', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = withAgent(emptyFloor(Date.now()), '1001', {
      state: 'not-ready',
      reason: 'back-office',
      devices: ['sip'],
    });
    await signIn(page, '1001');
    await button('拨打电话').click();
    await page.getByRole('dialog').getByRole('textbox', { name: '电话号码' }).fill('13812341234');
    await page.keyboard.press('Enter');
    expect(await lastCommand(1)).toEqual(asked('dial', { number: '13812341234', hotline: '95598' }));
  });

  it('more time is asked for to wrap up', async () => {
    const { page } = stage.visitor;
    stage.screens.state.floor = withAgent(emptyFloor(Date.now()), '1001', {
      state: 'wrapping-up',
      callId: 'n1-1.1',
      until: at(Date.now() + 60_000),
      devices: ['sip'],
    });
    await signIn(page, '1001');
    await button('延长 30 秒').click();
    expect(await lastCommand(1)).toEqual({
      kind: 'extend-wrap-up',
      agent: '1001',
      byMs: 30_000,
      by: '1001',
    });
  });
});
