// Ending a session: by its owner, by an administrator, from the command line. Its tokens are dead at that moment, and
// the browser says why.

import type { Browser, Page } from "@playwright/test";
import { askForUsers, claims, presentRefresh } from "./api.ts";
import { ADMIN, expect, test, USER } from "./fixtures.ts";
import { enterCredentials, pressReload, reload, seesTheList, signIn, signOut } from "./people.ts";
import type { Server } from "./server.ts";
import { blacklist, endSessionOf, signInToAdmin } from "./staff.ts";
import { type Stored, storedSession } from "./storage.ts";
import { REFRESH, requests, USERS } from "./wire.ts";

const BY_ADMIN = "An administrator ended this session. Please sign in again.";

test("signing out kills both tokens at the server", async ({ page, server }) => {
  await signIn(page, USER);
  const { access, refresh } = (await storedSession(page)) as Stored;

  await signOut(page);

  await expect(page).toHaveURL("/login?reason=logout");
  await expect(page.getByText("You are signed out.")).toBeVisible();
  expect(await storedSession(page)).toBeUndefined();
  const answer = await presentRefresh(server, refresh);
  expect(answer.status).toBe(401);
  expect(answer.headers.get("jotward-session-ended")).toBe("logout");
  expect((await askForUsers(server, access)).status).toBe(401);

  // The way back in the history does not lead back into the list.
  await page.goto("/users");
  await expect(page).toHaveURL("/login?next=/users");
});

test("a session an administrator ended leads to the login, which says so and leads back", async ({
  browser,
  page,
  server,
}) => {
  server.addUser("tom", "tom signs in once");
  const tom = { name: "tom", password: "tom signs in once" };
  await signIn(page, tom);
  await page.goto("/users?view=mine");
  await seesTheList(page);

  await asAdmin(browser, server, (desk) => endSessionOf(desk, tom.name, "a test says so"));
  await pressReload(page);

  await expect(page).toHaveURL("/login?next=/users%3Fview%3Dmine&reason=admin");
  await expect(page.getByText(BY_ADMIN)).toBeVisible();
  expect(await storedSession(page)).toBeUndefined();

  await enterCredentials(page, tom);
  await expect(page).toHaveURL("/users?view=mine");
  await seesTheList(page);
});

test("a session an administrator ended is over in every tab", async ({ browser, context, page, server }) => {
  const tim = { name: "tim", password: "tim has two tabs" };
  server.addUser(tim.name, tim.password);
  await signIn(page, tim, { remember: true });
  const other = await context.newPage();
  await other.goto("/users");
  await seesTheList(other);

  await asAdmin(browser, server, (desk) => endSessionOf(desk, tim.name, "a test says so"));
  await pressReload(page);

  for (const tab of [page, other]) {
    await expect(tab).toHaveURL("/login?next=/users&reason=admin");
    await expect(tab.getByText(BY_ADMIN)).toBeVisible();
  }
});

test("an access token that was blacklisted alone is replaced, and nobody notices", async ({ browser, page, server }) => {
  await signIn(page, USER);
  const { access } = (await storedSession(page)) as Stored;
  const refreshes = requests(page, REFRESH);
  const lists = requests(page, USERS);

  await asAdmin(browser, server, (desk) => blacklist(desk, String(claims(access).jti), "a test says so"));
  await reload(page);

  expect(refreshes).toHaveLength(1);
  expect(lists).toHaveLength(2);
  expect((await storedSession(page))?.access).not.toBe(access);
});

test("a changed password ends the session, and the login says so", async ({ page, server }) => {
  const una = { name: "una-of-revocation", password: "una forgets things" };
  server.addUser(una.name, una.password);
  await signIn(page, una);

  server.command(["user", "password", una.name, "--password-stdin"], "una remembers now");
  // A server hears of what the command line did within a second.
  const { access } = (await storedSession(page)) as Stored;
  await expect.poll(async () => (await askForUsers(server, access)).status).toBe(401);
  await pressReload(page);

  await expect(page).toHaveURL("/login?next=/users&reason=password");
  await expect(page.getByText("The password was changed, which ended this session.")).toBeVisible();
});

/** What an administrator does meanwhile, in a browser of their own. */
async function asAdmin(browser: Browser, server: Server, deed: (desk: Page) => Promise<void>): Promise<void> {
  const elsewhere = await browser.newContext({ baseURL: server.url });
  const desk = await elsewhere.newPage();
  await signInToAdmin(desk, ADMIN);
  await deed(desk);
  await elsewhere.close();
}
