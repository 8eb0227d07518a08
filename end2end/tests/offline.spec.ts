// A machine without a network, and one that wakes up: nothing is asked that could get nowhere, nothing is lost, and what
// waited goes on at once.

import { expect, test, USER } from "./fixtures.ts";
import { notice, outlivesTheAccessToken, pressReload, seesTheList, SHORT_LIVED, signIn } from "./people.ts";
import { storedSession, TOKENS_IN_STORAGE } from "./storage.ts";
import { REFRESH, requests, USERS } from "./wire.ts";

test.use({ settings: { ...SHORT_LIVED, ...TOKENS_IN_STORAGE } });

const OFFLINE = "You are offline. This goes on when the network is back; you stay signed in.";

test("a page that goes offline asks nothing, and goes on when the network is back", async ({ page, context }) => {
  await signIn(page, USER);
  await outlivesTheAccessToken(page);
  const before = await storedSession(page);
  const refreshes = requests(page, REFRESH);
  const lists = requests(page, USERS);

  await context.setOffline(true);
  await pressReload(page);
  await expect(notice(page)).toHaveText(OFFLINE);
  await page.getByRole("timer", { name: "Access token" }).click(); // a second look: still nothing
  await expect(notice(page)).toHaveText(OFFLINE);
  expect([...refreshes, ...lists]).toHaveLength(0);
  expect(await storedSession(page)).toEqual(before);

  await context.setOffline(false);
  await seesTheList(page);
  expect(refreshes).toHaveLength(1);
  expect(lists).toHaveLength(1);
  expect((await storedSession(page))?.refresh).not.toBe(before?.refresh);
});

test("five calls made offline share one renewal when the network is back", async ({ page, context }) => {
  await signIn(page, USER);
  await outlivesTheAccessToken(page);
  const refreshes = requests(page, REFRESH);

  await context.setOffline(true);
  await page.getByRole("button", { name: "Five calls at once" }).click();
  await expect(notice(page)).toHaveText(OFFLINE);
  await context.setOffline(false);

  await expect(page.getByText("Calls answered: 5 of 5. Renewals: 1.")).toBeVisible();
  expect(refreshes).toHaveLength(1);
});

test("who comes back to the page does not wait for the rest of a pause", async ({ page }) => {
  await page.clock.install();
  await signIn(page, USER);
  await page.route(`**${USERS}*`, (route) => route.fulfill({ status: 503 }), { times: 1 });
  await page.clock.pauseAt(Date.now() + 60_000);

  await pressReload(page);
  await expect(notice(page)).toHaveText(/^The server has a problem just now\. Trying again in 1 s; you stay signed in\.$/);
  // No timer runs any more; the event is all there is.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));

  await seesTheList(page);
});

test("who wakes up still waits as long as the server has asked for", async ({ page }) => {
  await page.clock.install();
  await signIn(page, USER);
  const lists = requests(page, USERS);
  await page.route(`**${USERS}*`, (route) => route.fulfill({ status: 429, headers: { "retry-after": "20" } }), { times: 1 });
  await page.clock.pauseAt(Date.now() + 60_000);

  await pressReload(page);
  await expect(notice(page)).toHaveText(/^The server asks for a pause\. Trying again in 2[01] s; you stay signed in\.$/);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await page.clock.runFor(15_000);
  await expect(notice(page)).toHaveText(/^The server asks for a pause/);
  expect(lists).toHaveLength(1);

  // A machine that slept: the clock went on, its timers did not.
  await page.clock.fastForward(3_600_000);
  await seesTheList(page);
});
