import { describe, expect, it } from 'vitest';
import { fits, narrow, openVisitor, signIn } from './support/browser.ts';
import { screensUnderTest } from './support/screens-under-test.ts';

const stage = screensUnderTest();

describe('call flows', () => {
  it('a lead sees what is in force, puts an edited file in force, and rolls back', async () => {
    const { page, troubles, strangers } = stage.visitor;
    await signIn(page, 'lead', '/ivr');
    const flow = page.getByRole('region', { name: '流程 95598' });
    await flow.getByText('现行：版本 1').waitFor();
    await flow.getByText('流程文件已修改，与现行版本不同。').waitFor();
    await flow.getByRole('img', { name: '流程 95598 版本 1 的流程图' }).waitFor();
    const drawn = () =>
      flow.getByRole('img').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
    await expect.poll(drawn, { timeout: 10_000 }).toBeGreaterThan(500);

    await flow.getByRole('button', { name: '启用文件内容' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /启\s*用/ })
      .click();
    await flow.getByText('现行：版本 2').waitFor();
    await flow
      .getByRole('listitem')
      .filter({ hasText: '版本 1' })
      .getByRole('button', { name: '恢复此版本' })
      .click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /启\s*用/ })
      .click();
    await flow.getByText('现行：版本 3').waitFor();
    await flow.getByText('恢复自版本 1').waitFor();
    await flow.getByText('lead').first().waitFor();
    expect(troubles).toEqual([]);
    expect(strangers).toEqual([]);
  });

  it('a flow that is refused says every problem', async () => {
    const { page } = stage.visitor;
    stage.screens.refuseFlows([
      { line: 16, what: 'there is no node "servce-info"', suggestion: 'did you mean "service-info"?' },
      { line: 24, what: 'there is no queue "power"', suggestion: null },
    ]);
    await signIn(page, 'admin', '/ivr');
    const flow = page.getByRole('region', { name: '流程 95598' });
    await flow.getByRole('button', { name: '启用文件内容' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /启\s*用/ })
      .click();
    await page.getByText('流程没有启用，原来的版本保持不变。').waitFor();
    await page
      .getByText('95598.yaml:16: nodes.menu: there is no node "servce-info"; did you mean "service-info"?')
      .waitFor();
    await page.getByText('95598.yaml:24: nodes.menu: there is no queue "power"').waitFor();
    await flow.getByText('现行：版本 1').waitFor();
  });

  it('is no page for agents, and fits a narrow window in English', async () => {
    const { page } = stage.visitor;
    await signIn(page, '1001', '/ivr');
    await page.getByText('没有这个页面').waitFor();
    const visitor = await openVisitor(stage.browser, stage.screens.base, { locale: 'en', viewport: narrow });
    await signIn(visitor.page, 'lead', '/ivr');
    await visitor.page.getByRole('region', { name: 'Flow 95598' }).getByText('in force: version 1').waitFor();
    await fits(visitor.page);
    await visitor.context.close();
  });
});
