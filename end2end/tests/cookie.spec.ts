// The refresh token in a cookie that no script can read: pages know that there is a session, ask for an access token when
// they are opened, and keep no secret anywhere.

import type { BrowserContext, Page } from "@playwright/test";
import { expect, test, USER } from "./fixtures.ts";
import { outlivesTheAccessToken, reload, seesTheList, SHORT_LIVED, signIn, signOut } from "./people.ts";
import { REFRESH, requests, USERS } from "./wire.ts";

test.use({ settings: { ...SHORT_LIVED, JOTWARD_REFRESH_TRANSPORT: "cookie" } });

test("no script can read a token that is kept", async ({ page, context }) => {
  await signIn(page, USER);

  expect(await keptByThePage(page)).not.toContain("eyJ");
  expect(await page.evaluate(() => document.cookie)).toBe("");
  const cookies = await context.cookies(new URL(REFRESH, page.url()).href);
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Strict" });
});

test("a page that is opened asks for an access token once, and then when it has run out", async ({ page }) => {
  await signIn(page, USER);
  const refreshes = requests(page, REFRESH);

  await page.reload();
  await seesTheList(page);
  expect(refreshes).toHaveLength(1);
  expect(refreshes[0]?.postData()).toBe("{}");
  expect(refreshes[0]?.headers()["jotward-refresh-transport"]).toBe("cookie");

  await outlivesTheAccessToken(page);
  await page.getByRole("button", { name: "Five calls at once" }).click();
  await expect(page.getByText("Calls answered: 5 of 5. Renewals: 1.")).toBeVisible();
  expect(refreshes).toHaveLength(2);
});

test("the cookie goes to the endpoints of tokens and nowhere else", async ({ page }) => {
  await signIn(page, USER);
  const lists = requests(page, USERS);
  await reload(page);
  expect((await lists[0]?.allHeaders())?.["cookie"]).toBeUndefined();
});

test("tabs take turns with the cookie, and end together", async ({ page, context }) => {
  await signIn(page, USER);
  const other = await context.newPage();
  const refreshes = requests(context, REFRESH);
  await Promise.all([page.reload(), other.goto("/users")]);
  await seesTheList(page);
  await seesTheList(other);
  expect(refreshes).toHaveLength(2);

  await signOut(page);

  await expect(page).toHaveURL("/login?reason=logout");
  await expect(other).toHaveURL("/login?next=/users&reason=logout");
  expect(await cookiesOf(context, page)).toBe(0);
});

test("a cookie that is gone is a session that has expired", async ({ page, context }) => {
  await signIn(page, USER);
  await context.clearCookies();

  await page.reload();

  await expect(page).toHaveURL("/login?next=/users&reason=expired");
  expect(await keptByThePage(page)).not.toContain(USER.name);
});

test("a server that is away ends no session with a cookie", async ({ page, server }) => {
  await signIn(page, USER);
  await outlivesTheAccessToken(page);
  await server.stop();
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(page.getByText("The server can not be reached. Trying again")).toBeVisible();

  await server.resume();
  await seesTheList(page);
});

async function keptByThePage(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
}

async function cookiesOf(context: BrowserContext, page: Page): Promise<number> {
  return (await context.cookies(new URL(REFRESH, page.url()).href)).length;
}
