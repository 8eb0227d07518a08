// Everything by keyboard alone, and with a password manager's help.

import type { Locator, Page } from "@playwright/test";
import { openSession, presentRefresh } from "./api.ts";
import { ADMIN, expect, test, USER } from "./fixtures.ts";
import { seesTheList, signIn, userList } from "./people.ts";
import { seesTheOverview, signInToAdmin } from "./staff.ts";

for (const path of ["/", "/login", "/nothing", "/admin/nothing/"]) {
  test(`the first stop on ${path} leads past the bar`, async ({ page }) => {
    await page.goto(path);
    await skipsTheBar(page);
  });
}

test("the first stop on the protected list and on the admin's lists leads past the bar", async ({ page }) => {
  await signIn(page, USER);
  await page.reload();
  await seesTheList(page);
  await skipsTheBar(page);

  await signInToAdmin(page, ADMIN);
  for (const path of ["/admin/", "/admin/outstanding/", "/admin/blacklisted/"]) {
    await page.goto(path);
    await skipsTheBar(page);
  }
});

test("signing in, reloading and signing out need no mouse", async ({ page }) => {
  await page.goto("/login");
  await tabTo(page, page.getByLabel("Username"));
  await page.keyboard.type(USER.name);
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(USER.password);
  await tabTo(page, page.getByLabel("Keep me signed in"));
  await page.keyboard.press("Space");
  await expect(page.getByLabel("Keep me signed in")).toBeChecked();
  await page.keyboard.press("Enter");
  await seesTheList(page);

  const again = page.waitForResponse("**/api/users/?**");
  await tabTo(page, page.getByRole("button", { name: "Reload" }));
  await page.keyboard.press("Enter");
  await again;
  await expect(userList(page)).toBeVisible();

  await tabTo(page, page.getByRole("button", { name: "Sign out" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/login?reason=logout");
});

test("ending a session in the admin needs no mouse", async ({ page, server }) => {
  const vic = { name: "vic", password: "vic is ended by keyboard" };
  server.addUser(vic.name, vic.password);
  const { refresh } = await openSession(server, vic);

  await page.goto("/admin/");
  await expect(page.getByLabel("Username")).toBeFocused();
  await page.keyboard.type(ADMIN.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ADMIN.password);
  await page.keyboard.press("Enter");

  await seesTheOverview(page);
  await tabTo(page, page.getByRole("link", { name: "Tokens outstanding" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Outstanding tokens" })).toBeVisible();
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type(vic.name);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === vic.name);
  await tabTo(page, page.getByRole("link", { name: /^End session/ }).first());
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: "End this session?" })).toBeVisible();
  await tabTo(page, page.getByLabel("Reason"));
  await page.keyboard.type("by keyboard");
  await tabTo(page, page.getByRole("button", { name: "End the session" }));
  await page.keyboard.press("Enter");

  await expect(page.getByRole("status")).toHaveText(/^The session has ended/);
  expect((await presentRefresh(server, refresh)).status).toBe(401);
});

for (const path of ["/login", "/admin/login/"]) {
  test(`a password manager knows its way on ${path}`, async ({ page }) => {
    await page.goto(path);
    const username = page.getByLabel("Username");
    const password = page.getByLabel("Password");
    await expect(username).toHaveAttribute("autocomplete", "username");
    await expect(username).toHaveAttribute("name", "username");
    await expect(password).toHaveAttribute("autocomplete", "current-password");
    await expect(password).toHaveAttribute("type", "password");
    await expect(page.locator("form").filter({ has: username }).filter({ has: password })).toHaveCount(1);
  });
}

/** Presses Tab until `target` has the focus, as somebody does who looks where they are. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeEnabled();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
}

/** Finds the skip link with the first Tab, follows it, and is behind the bar then. */
async function skipsTheBar(page: Page): Promise<void> {
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await page.keyboard.press("Tab");
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });

  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("banner").locator(":focus")).toHaveCount(0);
}
