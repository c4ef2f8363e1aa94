import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../browser/support/browser.ts';
import type { HearOptions } from '../phone.ts';
import { SAMPLE_RATE_HZ, sine, toneLevels } from '../tone.ts';
import { patienceMs, until } from '../until.ts';
import { writeWav } from '../wav.ts';
import type { Sight } from './page.ts';
import { servePhonePage } from './serve-page.ts';

export type BrowserPhoneOptions = { webSocketUrl: string; account: string; password: string };

/** A Chromium whose microphone hears one tone; its pages are telephones. */
export type PhoneBrowser = {
  /** A page with a registered phone. */
  phone(options: BrowserPhoneOptions): Promise<BrowserPhone>;
  /** An empty page, in Chinese, for the product's own screens. */
  page(): Promise<Page>;
  stop(): Promise<void>;
};

export async function startPhoneBrowser({ toneHz }: { toneHz: number }): Promise<PhoneBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'phone-browser-'));
  const wav = join(folder, 'tone.wav');
  // Played over and over; whole waves, so that the seam is not heard.
  writeWav(wav, { samples: sine(toneHz, SAMPLE_RATE_HZ), sampleRateHz: SAMPLE_RATE_HZ });
  const [browser, served] = await Promise.all([
    launchBrowser([
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${wav}`,
      '--autoplay-policy=no-user-gesture-required',
      // On a machine without a network there is nothing but loopback.
      '--allow-loopback-in-peer-connection',
    ]),
    servePhonePage(),
  ]);
  return {
    phone: (options) => openPhone(browser, served.url, options),
    async page() {
      const page = await browser.newPage({ locale: 'zh-CN' });
      page.setDefaultTimeout(15_000);
      return page;
    },
    async stop() {
      await browser.close();
      await served.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openPhone(
  browser: Browser,
  pageUrl: string,
  options: BrowserPhoneOptions,
): Promise<BrowserPhone> {
  // Of our own certificate, when the phone comes over TLS.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(pageUrl);
  const phone = new BrowserPhone(page, options.account, troubles);
  await page.evaluate((given) => window.phone.start(given), options);
  await phone.sees('registered', ({ link }) => link === 'registered');
  return phone;
}

/** The product's browser phone in a page, led by a test. */
export class BrowserPhone {
  readonly account: string;
  readonly page: Page;
  readonly #troubles: string[];

  constructor(page: Page, account: string, troubles: string[]) {
    this.page = page;
    this.account = account;
    this.#troubles = troubles;
  }

  see(): Promise<Sight> {
    return this.page.evaluate(() => window.phone.see());
  }

  /** Waits until what the page shows is so. */
  async sees(what: string, so: (sight: Sight) => boolean, withinMs = patienceMs): Promise<Sight> {
    let last: Sight | undefined;
    await until(
      `phone ${this.account} to be ${what}`,
      async () => {
        last = await this.see();
        return so(last);
      },
      { withinMs, everyMs: 30, seen: () => ({ ...last, troubles: this.#troubles }) },
    );
    return last as Sight;
  }

  incoming(withinMs = patienceMs): Promise<Sight> {
    return this.sees('ringing', ({ state }) => state === 'ringing', withinMs);
  }

  /** Picks up; resolves when the call stands. */
  async answer(): Promise<Sight> {
    await this.page.evaluate(() => window.phone.answer());
    return this.sees('talking', ({ state }) => state === 'talking');
  }

  idle(withinMs = patienceMs): Promise<Sight> {
    return this.sees('idle', ({ state }) => state === 'idle', withinMs);
  }

  async hangUp(): Promise<void> {
    await this.page.evaluate(() => window.phone.hangUp());
    await this.idle();
  }

  hold(on: boolean): Promise<void> {
    return this.page.evaluate((wanted) => window.phone.hold(wanted), on);
  }

  mute(on: boolean): Promise<void> {
    return this.page.evaluate((wanted) => window.phone.mute(wanted), on);
  }

  /** Waits until the tone fills the last `forMs` of what came to the ear (at most a second). */
  async hears(
    toneHz: number,
    { forMs = 200, minDbfs = -20, withinMs = patienceMs }: HearOptions = {},
  ): Promise<void> {
    let quietest = Number.NEGATIVE_INFINITY;
    const heard = async (): Promise<boolean> => {
      const lastSecond = await this.page.evaluate(() => window.phone.heard());
      const samples = Int16Array.from(lastSecond.slice(-(forMs * SAMPLE_RATE_HZ) / 1_000));
      if (samples.length === 0) return false;
      const levels = toneLevels({ samples, sampleRateHz: SAMPLE_RATE_HZ }, toneHz);
      quietest = Math.min(...levels.map(({ dbfs }) => dbfs));
      return quietest >= minDbfs;
    };
    const seen = () => `${quietest.toFixed(1)} dBFS`;
    await until(`phone ${this.account} to hear ${toneHz} Hz`, heard, { withinMs, everyMs: 50, seen });
  }

  /** The tab is closed without a word: nothing is hung up, nothing unregistered. */
  async kill(): Promise<void> {
    await this.page.context().close();
  }

  /** Unregisters (hanging up first) and closes the tab. */
  async stop(): Promise<void> {
    if (this.page.isClosed()) return;
    await this.page.evaluate(() => window.phone.stop());
    await this.kill();
  }
}
