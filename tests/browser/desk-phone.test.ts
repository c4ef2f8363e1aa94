import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { signIn } from './support/browser.ts';
import { screensUnderTest, soon } from './support/screens-under-test.ts';

const stage = screensUnderTest();

describe('the phone in the browser', () => {
  it('is off until the agent switches it on; nothing of it is loaded and no microphone asked for', async () => {
    const { page } = stage.visitor;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await signIn(page, '1001');
    await page.locator('[data-browser-phone=off]').waitFor();
    expect(asked.filter((url) => /browser-phone|\/phone$/.test(url))).toEqual([]);
  });

  it.each([
    ['NotAllowedError', '麦克风未获允许'],
    ['NotFoundError', '没有找到麦克风'],
    ['NotReadableError', '麦克风无法使用'],
  ])('says what to do when there is no microphone (%s)', async (name, words) => {
    const { page } = stage.visitor;
    await page.addInitScript((error) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', error));
    }, name);
    await signIn(page, '1001');
    await page.getByText('用此浏览器作话机').click();
    await page.locator('[data-browser-phone=failed]').waitFor();
    await page.getByText(words).waitFor();
    await page.getByText('用此浏览器作话机').click();
    await page.locator('[data-browser-phone=off]').waitFor();
  });
});

describe('the phone in the browser, with a microphone', () => {
  it('connects, is remembered, and two tabs take turns', async () => {
    const { page, context, troubles } = stage.visitor;
    await context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () =>
        new AudioContext().createMediaStreamDestination().stream;
    });
    await signIn(page, '1001');
    await page.getByText('用此浏览器作话机').click();
    // Nobody listens at the address of this test: it goes on trying.
    await page.locator('[data-browser-phone=connecting]').waitFor();

    const second = await context.newPage();
    await second.goto('/');
    await second.locator('[data-browser-phone=elsewhere]').waitFor();
    await page.close();
    await second.locator('[data-browser-phone=connecting]').waitFor();
    await second.reload();
    await second.locator('[data-browser-phone=connecting]').waitFor();
    await second.getByText('用此浏览器作话机').click();
    await second.locator('[data-browser-phone=off]').waitFor();
    await soon(() => troubles.filter((text) => !text.includes('WebSocket'))).toEqual([]);
  });

  it('asks again while the server does not answer', async () => {
    const { page, context } = stage.visitor;
    await context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () =>
        new AudioContext().createMediaStreamDestination().stream;
    });
    let refusals = 0;
    await page.route('**/phone', (route) => {
      refusals += 1;
      return refusals === 1 ? route.abort() : route.continue();
    });
    await signIn(page, '1001');
    await page.getByText('用此浏览器作话机').click();
    await until('a second question', () => refusals > 1, { withinMs: 10_000 });
    await page.locator('[data-browser-phone=connecting]').waitFor();
  });
});
