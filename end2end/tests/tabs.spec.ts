// Tabs of one browser share a session: they renew it once, and they end together.

import type { Page } from "@playwright/test";
import { expect, test, USER } from "./fixtures.ts";
import {
  outlivesTheAccessToken,
  pressReload,
  renewals,
  seesTheList,
  SHORT_LIVED,
  signIn,
  signOut,
} from "./people.ts";
import { storedSession, TOKENS_IN_STORAGE } from "./storage.ts";
import { REFRESH, requests, USERS } from "./wire.ts";

test.use({ settings: { ...SHORT_LIVED, ...TOKENS_IN_STORAGE } });

test("two tabs that need a renewal at the same moment cause one", async ({ page, context }) => {
  await signIn(page, USER, { remember: true });
  const other = await context.newPage();
  await other.goto("/users");
  await seesTheList(other);
  const tabs = [page, other];
  await Promise.all(tabs.map(outlivesTheAccessToken));
  const shown = await sumOfRenewals(tabs);
  const refreshes = requests(context, REFRESH);
  const lists = requests(context, USERS);

  // The answer to the first renewal is held back until both tabs wait for one.
  let letGo = (): void => {};
  const bothWait = new Promise<void>((resolve) => (letGo = resolve));
  await context.route(`**${REFRESH}`, async (route) => {
    await bothWait;
    await route.continue();
  });
  await Promise.all(tabs.map(pressReload));
  for (const tab of tabs) {
    await expect(tab.getByRole("button", { name: "Reload" })).toBeDisabled();
  }
  letGo();

  for (const tab of tabs) {
    await expect(tab.getByRole("button", { name: "Reload" })).toBeEnabled();
    await seesTheList(tab);
  }
  expect(refreshes).toHaveLength(1);
  expect(lists).toHaveLength(2);
  expect(await sumOfRenewals(tabs)).toBe(shown + 1);
  expect(await storedSession(other)).toEqual(await storedSession(page));
});

test("who signs out in one tab is signed out in the other", async ({ page, context }) => {
  await signIn(page, USER, { remember: true });
  const other = await context.newPage();
  await other.goto("/users?in=other");
  await seesTheList(other);

  await signOut(page);

  await expect(page).toHaveURL("/login?reason=logout");
  await expect(other).toHaveURL("/login?next=/users%3Fin%3Dother&reason=logout");
  await expect(other.getByText("You are signed out.")).toBeVisible();
  expect(await storedSession(other)).toBeUndefined();
});

test("who signs in again in one tab is signed in in the other", async ({ page, context }) => {
  const other = await context.newPage();
  await other.goto("/login");
  await signIn(page, USER, { remember: true });

  await expect(other.getByText(`You are signed in as ${USER.name}.`)).toBeVisible();
  await other.getByRole("button", { name: "Continue" }).click();
  await seesTheList(other);
});

async function sumOfRenewals(tabs: Page[]): Promise<number> {
  const counts = await Promise.all(tabs.map((tab) => renewals(tab).textContent()));
  return counts.reduce((sum, count) => sum + Number(count), 0);
}
