// What members of staff do in the admin, with scripts or without.

import { expect, type Locator, type Page } from "@playwright/test";
import { claims, openSession, presentRefresh, renew } from "./api.ts";
import type { Person } from "./people.ts";
import type { Server } from "./server.ts";

/** What a button on a page that asks for a reason says. */
type Deed =
  | "Blacklist the token"
  | "End everyone's sessions"
  | "End the session"
  | "End the sessions"
  | "Reset the API token";

/** Opens the admin, signs in to it and goes on to the outstanding tokens. */
export async function signInToAdmin(page: Page, person: Person): Promise<void> {
  await page.goto("/admin/");
  await enterCredentials(page, person);
  await seesTheOverview(page);
  await openList(page, "Outstanding");
}

/** Whoever has signed in to the admin is there. */
export async function seesTheOverview(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
}

/** Types a name and a password into the admin's login form, and sends it. */
export async function enterCredentials(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Username").fill(person.name);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Goes to the overview by the bar, again and again until the server has noted what happened. */
export async function openOverview(page: Page): Promise<void> {
  const bar = page.getByRole("navigation", { name: "Admin" });
  await expect(async () => {
    await bar.getByRole("link", { name: "Overview" }).click();
    await expect(page.getByRole("figure").first()).not.toContainText("Not counted yet.", { timeout: 100 });
  }).toPass();
}

/** Somebody presents a refresh token its owner has exchanged twice. Answers the session's id. */
export async function theftOf(server: Server, person: Person): Promise<string> {
  const stolen = await openSession(server, person);
  await renew(server, await renew(server, stolen));
  expect((await presentRefresh(server, stolen.refresh)).status).toBe(401);
  return String(claims(stolen.access).sid);
}

/** Goes to one of the lists by the bar. */
export async function openList(page: Page, name: "Outstanding" | "Blacklisted" | "API tokens"): Promise<void> {
  const menu = page.getByText("Menu", { exact: true });
  if (await menu.isVisible()) await menu.click();
  const bar = page.getByRole("navigation", { name: "Admin" });
  await bar.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

/** Searches the list that is shown. */
export async function search(page: Page, text: string): Promise<void> {
  await page.getByRole("searchbox").fill(text);
  await page.getByRole("button", { name: "Search" }).click();
  // Lists look alike: what comes next must not look at the one before.
  await page.waitForURL((url) => url.searchParams.get("q") === text);
}

/** Turns to the next or previous page of a list. */
export async function turn(page: Page, to: Locator): Promise<void> {
  const address = await to.getAttribute("href");
  await to.click();
  await page.waitForURL(`**${address}`);
}

/** The rows of the list that is shown. */
export function rows(page: Page): Locator {
  return page.getByRole("table").locator("tbody").getByRole("row");
}

/** Gives a reason on the page that asks for one, and does it: the server has answered when this returns. */
export async function confirm(page: Page, button: Deed, why: string): Promise<void> {
  await page.getByLabel("Reason").fill(why);
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: button }).click();
  await answered;
}

/** Leaves the page that says what came of it. */
export async function goBack(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Back to where you were" }).click();
}

/** Ends somebody's newest session, from the list to the notice and back. */
export async function endSessionOf(page: Page, name: string, why: string): Promise<void> {
  await search(page, name);
  await rows(page).first().getByRole("link", { name: /^End session/ }).click();
  await confirm(page, "End the session", why);
  await expect(page.getByRole("status")).toHaveText(/^The session has ended/);
  await goBack(page);
}

/** Blacklists one token, from the list to the notice and back. */
export async function blacklist(page: Page, jti: string, why: string): Promise<void> {
  await search(page, jti);
  await page.getByRole("link", { name: `Blacklist token ${jti}` }).click();
  await confirm(page, "Blacklist the token", why);
  await expect(page.getByRole("status")).toHaveText("The token is blacklisted.");
  await goBack(page);
}

/** Presses *Sign out*. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
}
