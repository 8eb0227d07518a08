// What people do on the client's pages, and what they see there.

import { expect, type Locator, type Page } from "@playwright/test";

/** Somebody with an account. */
export interface Person {
  name: string;
  password: string;
}

/** Settings under which an access token runs out while a test watches. */
export const SHORT_LIVED = { JOTWARD_ACCESS_TOKEN_LIFETIME: "3s" };

/** What the list's page says while nobody answers. */
export const UNREACHABLE = /^The server can not be reached\. Trying again in \d+ s; you stay signed in\.$/;

/** Types a name and a password into the login form, and sends it. */
export async function enterCredentials(page: Page, person: Person, { remember = false } = {}): Promise<void> {
  const form = page.getByRole("form", { name: "Sign in" });
  await form.getByLabel("Username").fill(person.name);
  await form.getByLabel("Password").fill(person.password);
  await form.getByLabel("Keep me signed in").setChecked(remember);
  await form.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in from the login page, and arrives at the list. */
export async function signIn(page: Page, person: Person, options = {}): Promise<void> {
  await page.goto("/login");
  await enterCredentials(page, person, options);
  await seesTheList(page);
}

/** Presses *Reload*, and waits for nothing. */
export async function pressReload(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Reload" }).click();
}

/** Presses *Reload*, and gets the list anew. */
export async function reload(page: Page): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().includes("/api/users/?") && response.ok());
  await pressReload(page);
  await answer;
  await seesTheList(page);
}

/** Presses *Sign out*. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
}

/** The list is there, and nothing is wrong. */
export async function seesTheList(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/users/);
  await expect(userList(page)).toBeVisible();
  await expect(notice(page)).toHaveText("");
  await expect(trouble(page)).toHaveText("");
}

/** The protected list. */
export function userList(page: Page): Locator {
  return page.getByRole("table", { name: "Users by number" });
}

/** What the page asks for patience with. */
export function notice(page: Page): Locator {
  return page.getByRole("region", { name: "Everybody with an account" }).getByRole("status").first();
}

/** What the page could not do. */
export function trouble(page: Page): Locator {
  return page.getByRole("alert");
}

/** How long the access token still lives, in words. */
export function countdown(page: Page): Locator {
  return page.getByRole("timer", { name: "Access token" });
}

/** Waits until the access token has run out: the one thing that only time can bring. */
export async function outlivesTheAccessToken(page: Page): Promise<void> {
  await expect(countdown(page)).toHaveText(/^expired/);
}

/** How many renewals the page says it made. */
export function renewals(page: Page): Locator {
  return page.getByTestId("renewals");
}
