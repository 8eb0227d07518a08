// What members of staff do in the admin, with scripts or without.

import { expect, type Locator, type Page } from "@playwright/test";
import type { Person } from "./people.ts";

/** What a button on a page that asks for a reason says. */
type Deed =
  | "Blacklist the token"
  | "End everyone's sessions"
  | "End the session"
  | "End the sessions"
  | "Reset the API token";

/** Opens the admin and signs in to it. */
export async function signInToAdmin(page: Page, person: Person): Promise<void> {
  await page.goto("/admin/");
  await enterCredentials(page, person);
  await expect(page.getByRole("heading", { name: "Outstanding tokens" })).toBeVisible();
}

/** Types a name and a password into the admin's login form, and sends it. */
export async function enterCredentials(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Username").fill(person.name);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Goes to one of the lists by the bar. */
export async function openList(page: Page, name: "Outstanding" | "Blacklisted" | "API tokens"): Promise<void> {
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
}

/** Searches the list that is shown. */
export async function search(page: Page, text: string): Promise<void> {
  await page.getByLabel("Username or jti").fill(text);
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

/** Gives a reason on the page that asks for one, and does it. */
export async function confirm(page: Page, button: Deed, why: string): Promise<void> {
  await page.getByLabel("Reason").fill(why);
  await page.getByRole("button", { name: button }).click();
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
