import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { ensureTools } from '../../../infra/tools/tools.ts';
import { passwordOf, type UserName } from '../../support/http-fakes.ts';
import { patienceMs } from '../../support/until.ts';

export const wide = { width: 1920, height: 1080 };
export const narrow = { width: 390, height: 844 };

/** Quiet: no first-run pages, no updates, no calls home. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** The Chromium of the set-up, without a window. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const { chromium: program } = await ensureTools(['run', 'test'], () => undefined);
  return chromium.launch({
    executablePath: program.command,
    args: [...program.args, ...flags, ...more],
    env: { ...definedOnly(process.env), ...program.env },
  });
}

/** Someone at a screen of their own: a fresh browser profile with what went wrong in its console kept. */
export async function openVisitor(
  browser: Browser,
  base: string,
  options: { locale?: string; viewport?: { width: number; height: number } } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    locale: options.locale ?? 'zh-CN',
    viewport: options.viewport ?? wide,
    baseURL: base,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const troubles: string[] = [];
  const strangers: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (line) => {
    // A refused request is reported by the browser itself; the page's answer to it is what tests look at.
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource'))
      troubles.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) strangers.push(request.url());
  });
  return { context, page, troubles, strangers };
}
export type Visitor = {
  context: BrowserContext;
  page: Page;
  /** Errors the page threw or logged, content-policy violations included. */
  troubles: string[];
  /** Requests to any other host. */
  strangers: string[];
};

/** Signs in without the sign-in page, and opens a page. */
export async function signIn(page: Page, user: UserName, path = '/'): Promise<void> {
  const data = { user, password: passwordOf(user) };
  const response = await page.context().request.post('/api/v1/session', { data });
  if (!response.ok()) throw new Error(`sign-in of ${user}: ${response.status()} ${await response.text()}`);
  await page.goto(path);
  await page.locator('header').waitFor();
}

export async function fillSignIn(page: Page, user: string, password: string): Promise<void> {
  await page.locator('input[autocomplete=username]').fill(user);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.locator('button[type=submit]').click();
}

/** Waits until nothing scrolls sideways: a page notices a moment later that its window is another. */
export async function fits(page: Page, where = 'page'): Promise<void> {
  const overhang = () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return Math.max(0, scrollWidth - clientWidth);
    });
  await expect
    .poll(overhang, { timeout: patienceMs, message: `${where}: pixels wider than the window` })
    .toBe(0);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
