// The refresh token in a cookie: what a browser has, and what the server makes of it.

import type { BrowserContext, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import type { Person } from "./people.ts";
import { REFRESH } from "./wire.ts";

/** The server refuses the refresh token of a cookie, because its session is over. */
export async function isOver(url: string, token: string): Promise<void> {
  const answer = await fetch(`${url}/api/token/verify/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  expect(answer.status).toBe(401);
}

/** The refresh token in the cookie, empty without one. */
export async function cookieOf(context: BrowserContext, page: Page): Promise<string> {
  const [cookie] = await context.cookies(new URL(REFRESH, page.url()).href);
  return cookie?.value ?? "";
}

/** When the cookie runs out, in unix seconds; -1 is when the browser is closed. */
export async function expiryOf(context: BrowserContext, page: Page): Promise<number | undefined> {
  const [cookie] = await context.cookies(new URL(REFRESH, page.url()).href);
  return cookie?.expires;
}

/** What the page keeps, as one text. */
export async function keptByThePage(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
}

/** How many cookies the endpoints of tokens are sent. */
export async function cookiesOf(context: BrowserContext, page: Page): Promise<number> {
  return (await context.cookies(new URL(REFRESH, page.url()).href)).length;
}

/** Has the API put a cookie of this person into the browser, as a page would that is none of the client's. */
export async function putCookieOf(page: Page, person: Person): Promise<void> {
  await page.evaluate(async ({ name, password }) => {
    await fetch("/api/token/", {
      method: "POST",
      headers: { "content-type": "application/json", "jotward-refresh-transport": "cookie" },
      body: JSON.stringify({ username: name, password }),
    });
  }, person);
}
