import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { freePort } from '../../support/free-ports.ts';
import { patienceMs } from '../../support/until.ts';
import { launchBrowser, openVisitor, type Visitor } from './browser.ts';
import { emptyFloor } from './floor.ts';
import { buildScreens, type Screens, serveScreens } from './screens.ts';

/** Looks again until it is so; a busy machine is given time. */
export const soon = <T>(look: () => T) => expect.poll(look, { timeout: patienceMs });

export type UnderTest = { browser: Browser; screens: Screens; visitor: Visitor };

/** For each test of a file: a server with an empty floor, and a visitor with a fresh browser profile in Chinese. */
export function screensUnderTest(): UnderTest {
  // Filled by the hooks before any test looks.
  const stage = {} as UnderTest;
  let uiDir = '';
  beforeAll(async () => {
    [stage.browser, uiDir] = await Promise.all([launchBrowser(), buildScreens()]);
  });
  afterAll(() => stage.browser?.close());
  beforeEach(async () => {
    stage.screens = await serveScreens(uiDir, emptyFloor(Date.now()), await freePort());
    stage.visitor = await openVisitor(stage.browser, stage.screens.base);
  });
  afterEach(async () => {
    await stage.visitor.context.close();
    await stage.screens.stop();
  });
  return stage;
}
