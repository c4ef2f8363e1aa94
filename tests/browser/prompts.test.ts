import { describe, expect, it } from 'vitest';
import { fits, narrow, openVisitor, signIn } from './support/browser.ts';
import { screensUnderTest, soon } from './support/screens-under-test.ts';

const stage = screensUnderTest();

describe('prompts', () => {
  it('lacking a recording are listed, with their words and length, and can be heard', async () => {
    const { page } = stage.visitor;
    await signIn(page, 'lead', '/prompts');
    await page.getByText('感谢您的来电，再见。').waitFor();
    await page.getByText('2.3 秒').waitFor();
    expect(await page.getByText('欢迎致电。').count()).toBe(0);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('button', { name: '播放 goodbye' }).click();
    await soon(() => asked).toContain('/api/v1/prompts/zh-CN/goodbye/sound');
    await page.getByText('已有录音').click();
    await page.getByText('欢迎致电。').waitFor();
    await page.getByText('全部', { exact: true }).click();
    await page.getByText('数字和日期的词').click();
    await page.getByText('二', { exact: true }).waitFor();
    await page.getByText('English', { exact: true }).click();
    await page.getByText('没有符合条件的语音。').waitFor();
    await page.getByText('语句', { exact: true }).click();
    await page.getByText('尚未生成').waitFor();
    expect(stage.visitor.troubles).toEqual([]);
  });

  it('are for leads: an agent has no such page', async () => {
    const { page } = stage.visitor;
    await signIn(page, '1001', '/prompts');
    await page.getByText('没有这个页面').waitFor();
  });

  it.each(['zh-CN', 'en-US'])('fit a telephone without scrolling sideways (%s)', async (locale) => {
    const phone = await openVisitor(stage.browser, stage.screens.base, { locale, viewport: narrow });
    await signIn(phone.page, 'lead', '/prompts');
    await phone.page.locator('.prompt').first().waitFor();
    await fits(phone.page);
    await phone.context.close();
  });
});
