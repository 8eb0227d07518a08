// Tabs of one browser share a session: they renew it once, and they end together.

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
import { storedSession } from "./storage.ts";
import { REFRESH, requests, USERS } from "./wire.ts";

test.use({ settings: SHORT_LIVED });

test("two tabs that need a renewal at the same moment cause one", async ({ page, context }) => {
  await signIn(page, USER, { remember: true });
  const other = await context.newPage();
  await other.goto("/users");
  await seesTheList(other);
  await Promise.all([page, other].map(outlivesTheAccessToken));
  const refreshes = requests(context, REFRESH);
  const lists = requests(context, USERS);

  // The answer to the first renewal is held back until both tabs wait for one.
  let letGo = (): void => {};
  const bothWait = new Promise<void>((resolve) => (letGo = resolve));
  await context.route(`**${REFRESH}`, async (route) => {
    await bothWait;
    await route.continue();
  });
  await Promise.all([page, other].map(pressReload));
  for (const tab of [page, other]) {
    await expect(tab.getByRole("button", { name: "Reload" })).toBeDisabled();
  }
  letGo();

  for (const tab of [page, other]) {
    await expect(tab.getByRole("button", { name: "Reload" })).toBeEnabled();
    await seesTheList(tab);
  }
  expect(refreshes).toHaveLength(1);
  expect(lists).toHaveLength(2);
  const counted = await Promise.all([page, other].map((tab) => renewals(tab).textContent()));
  expect(counted.sort()).toEqual(["0", "1"]);
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
