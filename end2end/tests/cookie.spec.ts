// The refresh token in a cookie that no script can read: pages know that there is a session, ask for an access token when
// they are opened, and keep no secret anywhere.

import { cookieOf, cookiesOf, expiryOf, isOver, keptByThePage, putCookieOf } from "./cookies.ts";
import { ADMIN, expect, test, USER } from "./fixtures.ts";
import {
  enterCredentials,
  outlivesTheAccessToken,
  pressReload,
  reload,
  seesTheList,
  SHORT_LIVED,
  signIn,
  signOut,
} from "./people.ts";
import { REFRESH, requests, USERS } from "./wire.ts";

const BLACKLIST = "/api/token/blacklist/";

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
  expect(refreshes[0]?.headers()["jotward-refresh-transport"]).toBe("session-cookie");

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

test("who does not stay signed in has a cookie until the browser is closed, however often renewed", async ({ page, context }) => {
  await signIn(page, USER);
  expect(await expiryOf(context, page)).toBe(-1);
  await page.reload();
  await seesTheList(page);
  expect(await expiryOf(context, page)).toBe(-1);
  const other = await context.newPage();
  await other.goto("/users");
  await seesTheList(other);
  expect(await expiryOf(context, page)).toBe(-1);

  await signOut(page);
  await expect(page).toHaveURL("/login?reason=logout");
  await signIn(page, USER, { remember: true });
  await page.reload();
  await seesTheList(page);
  expect(await expiryOf(context, page)).toBeGreaterThan(Date.now() / 1000);
});

test("who signs out offline is signed out, and the server is told when the network is back", async ({ page, context, server }) => {
  await signIn(page, USER);
  const session = await cookieOf(context, page);
  await context.setOffline(true);
  await signOut(page);
  await expect(page.getByText(/^You are signed out on this device, but the server could not be reached\. It will be told/)).toBeVisible();
  expect(await cookieOf(context, page)).toBe(session);

  const farewells = requests(page, BLACKLIST);
  await context.setOffline(false);
  await expect.poll(() => cookiesOf(context, page)).toBe(0);
  expect(farewells).toHaveLength(1);
  await isOver(server.url, session);
});

test("a sign-out that is owed is paid by the next page, which does not use the cookie", async ({ page, context, server }) => {
  await signIn(page, USER);
  const session = await cookieOf(context, page);
  await server.stop();
  await signOut(page);
  await expect(page.getByText(/It will be told/)).toBeVisible();
  await server.resume();

  const refreshes = requests(context, REFRESH);
  await page.goto("/users");
  await expect(page).toHaveURL("/login?next=/users");
  await expect.poll(() => cookiesOf(context, page)).toBe(0);
  expect(refreshes).toHaveLength(0);
  await isOver(server.url, session);
});

test("signing out on the page of sessions takes the cookie along", async ({ page, context }) => {
  await signIn(page, USER);
  await page.goto("/sessions");
  await page.getByRole("listitem").filter({ hasText: "This device" }).getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/login?reason=logout");
  expect(await cookiesOf(context, page)).toBe(0);
});

test("a page is not shown to, nor does anything as, another person who has signed in here", async ({ page, context }) => {
  await signIn(page, USER);
  // Another page of this origin, which is none of the client's, puts another cookie in the place of this one.
  await putCookieOf(page, ADMIN);
  await outlivesTheAccessToken(page);
  const lists = requests(page, USERS);
  await pressReload(page);
  await expect(page).toHaveURL("/login?next=/users&reason=another");
  await expect(page.getByText(/^Another person signed in here/)).toBeVisible();
  expect(lists).toHaveLength(0);
  expect(await cookiesOf(context, page)).toBe(1);
});

test("a tab that slept while another person came does not call as them", async ({ page, context }) => {
  // Asleep: it hears nothing of other tabs.
  await page.addInitScript(() => {
    const add = window.addEventListener.bind(window);
    const deaf = (type: string, listener: EventListener): void => {
      if (type !== "storage") add(type, listener);
    };
    window.addEventListener = deaf as typeof window.addEventListener;
  });
  await signIn(page, USER);
  const other = await context.newPage();
  await other.goto("/login");
  await other.getByRole("button", { name: "Use another account" }).click();
  await enterCredentials(other, ADMIN);
  await seesTheList(other);

  const lists = requests(page, USERS);
  await pressReload(page);
  await expect(page).toHaveURL("/login?next=/users&reason=another");
  await expect(page.getByText(`You are signed in as ${ADMIN.name}.`)).toBeVisible();
  expect(lists).toHaveLength(0);
  await reload(other);
});
