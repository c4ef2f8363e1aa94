import { describe, expect, it } from 'vitest';
import { instant } from '../../services/events/instant.ts';
import { task } from '../support/http-fakes.ts';
import { fits, narrow, openVisitor, signIn } from './support/browser.ts';
import { screensUnderTest, soon } from './support/screens-under-test.ts';

const stage = screensUnderTest();

/** A task of each kind. */
function somethingToDo(): void {
  const openedAt = (minutes: number) => instant(Date.now() - minutes * 60_000);
  stage.screens.people.state.tasks = [
    task('task-1', { openedAt: openedAt(50), because: 'score 1' }),
    task('task-2', {
      openedAt: openedAt(20),
      kind: 'voicemail',
      because: 'a caller left a message',
      agent: null,
    }),
    task('task-3', { openedAt: openedAt(10), kind: 'callback-failed', agent: null, assignedTo: '1001' }),
    task('task-4', { openedAt: openedAt(5), kind: 'dropped-call', number: '' }),
  ];
}

describe('tasks', () => {
  it('that a lead gives out and does: the list follows, and the note is kept', async () => {
    const { page } = stage.visitor;
    somethingToDo();
    await signIn(page, 'lead', '/tasks');
    await soon(() => page.locator('[data-task]').count()).toBe(4);
    const first = page.locator('[data-task=task-1]');
    await first.getByText('评价 1 分').waitFor();
    await first.getByText('138****1234').waitFor();
    await first.getByRole('combobox').click();
    await page.getByTitle('李强 1002').click();
    await soon(() => stage.screens.people.state.tasks[0]?.assignedTo).toBe('1002');
    await first
      .getByRole('button', { name: '办 结' })
      .or(first.getByRole('button', { name: '办结' }))
      .click();
    await page.getByRole('dialog').getByRole('textbox').fill('已致歉，客户满意');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /办\s?结/ })
      .click();
    await soon(() => page.locator('[data-task]').count()).toBe(3);
    expect(stage.screens.people.state.tasks[0]).toMatchObject({ doneBy: 'lead', note: '已致歉，客户满意' });
    await page.getByText('已办', { exact: true }).click();
    await page.locator('[data-task=task-1]').getByText('已致歉，客户满意').waitFor();
    expect(stage.visitor.troubles).toEqual([]);
  });

  it('show whom to call to those who say what for, and call them', async () => {
    const { page } = stage.visitor;
    somethingToDo();
    await signIn(page, '1001', '/tasks');
    await soon(() => page.locator('[data-task]').count()).toBe(1);
    await page.getByRole('button', { name: '显示号码' }).click();
    await page.getByRole('textbox', { name: '用途' }).fill('回拨客户');
    await page.getByRole('textbox', { name: '用途' }).press('Enter');
    await page.getByRole('link', { name: '13812341234' }).waitFor();
    expect(stage.screens.people.audited).toMatchObject([{ user: '1001', reason: '回拨客户' }]);
    await page.getByRole('button', { name: /拨\s?打/ }).click();
    await page.getByText('您的话机即将振铃').waitFor();
    expect(stage.screens.commands.at(-1)).toMatchObject({
      kind: 'control-call',
      control: { agent: '1001', kind: 'dial', number: '13812341234', hotline: '95598' },
    });
  });

  it('fit a telephone, and an empty list says what will come', async () => {
    somethingToDo();
    const visitor = await openVisitor(stage.browser, stage.screens.base, { viewport: narrow, locale: 'en' });
    await signIn(visitor.page, 'lead', '/tasks');
    await visitor.page.locator('[data-task=task-4]').getByText('Dropped call').waitFor();
    await fits(visitor.page);
    stage.screens.people.state.tasks = [];
    await visitor.page.getByRole('button', { name: 'Reload' }).click();
    await visitor.page.getByText('Nothing to do').waitFor();
    await fits(visitor.page);
    await visitor.context.close();
  });
});

describe('switches on the board', () => {
  it('are turned by a lead after a question; everyone sees what is on, by whom and since when', async () => {
    const { page } = stage.visitor;
    await signIn(page, 'lead');
    const closed = page.locator('[data-switch="95598/emergency-closed"]');
    await closed.getByText('未使用过').waitFor();
    stage.screens.state.answer = (command) => {
      if (command.kind !== 'set-switch') return { ok: true };
      const { hotline, name, on, by } = command;
      const { floor } = stage.screens.state;
      stage.screens.show({
        ...floor,
        switches: floor.switches.map((one) =>
          one.hotline === hotline && one.name === name ? { ...one, on, by, since: instant(Date.now()) } : one,
        ),
      });
      return { ok: true };
    };
    await closed.getByRole('switch').click();
    await page.locator('.ant-modal-confirm-title').getByText('开启“紧急关闭”？').waitFor();
    await page.getByRole('button', { name: /取\s?消/ }).click();
    expect(stage.screens.commands).toEqual([]);
    await closed.getByRole('switch').click();
    await page.getByRole('button', { name: /开\s?启/ }).click();
    await page.locator('[data-switched-on=emergency-closed]').getByText('紧急关闭').waitFor();
    expect(stage.screens.commands).toEqual([
      { kind: 'set-switch', hotline: '95598', name: 'emergency-closed', on: true, by: 'lead' },
    ]);
    await soon(() => closed.getByRole('switch').getAttribute('aria-checked')).toBe('true');
    const agent = await openVisitor(stage.browser, stage.screens.base, { viewport: narrow });
    await signIn(agent.page, '1001', '/board');
    await agent.page.locator('[data-switched-on=emergency-closed]').waitFor();
    expect(await agent.page.getByRole('switch').count()).toBe(0);
    await fits(agent.page);
    await agent.context.close();
    expect(stage.visitor.troubles).toEqual([]);
  });
});
