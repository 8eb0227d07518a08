// The browser's clock is an hour wrong, or jumps: sessions last, and tokens are renewed when they have run out, not sooner.

import type { Page } from "@playwright/test";
import { expect, test, USER } from "./fixtures.ts";
import { countdown, outlivesTheAccessToken, reload, SHORT_LIVED, signIn } from "./people.ts";
import { storedSession, TOKENS_IN_STORAGE } from "./storage.ts";
import { REFRESH, requests, USERS } from "./wire.ts";

test.use({ settings: { ...SHORT_LIVED, ...TOKENS_IN_STORAGE } });

const HOUR = 3_600_000;

for (const [error, name] of [
  [HOUR, "an hour ahead"],
  [-HOUR, "an hour behind"],
] as const) {
  test(`a clock ${name} changes nothing`, async ({ page }) => {
    await withClockWrongBy(page, error);
    const refreshes = requests(page, REFRESH);
    const lists = requests(page, USERS);
    await signIn(page, USER);
    await expect(countdown(page)).toHaveText(/^expires in [123] s$/);
    expect(refreshes).toHaveLength(0);

    await outlivesTheAccessToken(page);
    await reload(page);

    expect(refreshes).toHaveLength(1);
    const statuses = await Promise.all(lists.map(async (list) => (await list.response())?.status()));
    expect(statuses).toEqual([200, 200]);
  });
}

for (const [jump, name] of [
  [HOUR, "ahead"],
  [-HOUR, "back"],
] as const) {
  test(`a clock that jumps an hour ${name} costs one renewal at most, and no session`, async ({ page }) => {
    await withClockWrongBy(page, 0);
    await signIn(page, USER);
    const refreshes = requests(page, REFRESH);

    await page.evaluate((jump) => ((window as unknown as { clockError: number }).clockError = jump), jump);
    await reload(page);
    expect(refreshes).toHaveLength(1);
    expect(await storedSession(page)).toBeDefined();

    await outlivesTheAccessToken(page);
    await reload(page);
    expect(refreshes).toHaveLength(2);
  });
}

/** Makes the clock of a page wrong by `error` milliseconds; `clockError` says so, and can be changed. */
async function withClockWrongBy(page: Page, error: number): Promise<void> {
  await page.addInitScript((error) => {
    const wrong = window as unknown as { clockError: number };
    wrong.clockError = error;
    const right = Date.now.bind(Date);
    Date.now = () => right() + wrong.clockError;
  }, error);
}
