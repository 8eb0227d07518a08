// Users in the admin: who they are, and what superusers change of them. Tried in a browser without scripts.

import type { Page } from "@playwright/test";
import { apiToken, askForUsers, openSession, presentRefresh } from "./api.ts";
import { ADMIN, expect, test } from "./fixtures.ts";
import { expectNoBarriers } from "./looks.ts";
import type { Person } from "./people.ts";
import type { Server } from "./server.ts";
import { rows, signInToAdmin } from "./staff.ts";

test.use({ javaScriptEnabled: false });

test("a user is added with the keyboard alone, corrected, and signs in", async ({ page, server }) => {
  await signInToAdmin(page, ADMIN);
  await page.goto("/admin/users/new/");
  await page.getByLabel("Username").focus();
  await page.keyboard.type("kim");
  await page.keyboard.press("Tab");
  await page.keyboard.type("not@an@address space");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("radio", { name: /^User:/ })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^Staff:/ })).toBeChecked();
  await page.keyboard.press("Tab");
  await page.keyboard.type("short");
  // The browser itself would refuse that address; what is not an address only for the server gets past it.
  await page.getByLabel("E-mail address").fill("");
  await page.getByLabel("Password").press("Enter");

  await expect(page.getByLabel("Password")).toHaveAccessibleDescription("At least 8 characters.");
  await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expect(page.getByLabel("Username")).toHaveValue("kim");
  await expect(page.getByRole("radio", { name: /^Staff:/ })).toBeChecked();

  await page.getByLabel("Password").focus();
  await page.keyboard.type("kim was not here before");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toHaveText("The user is added.");
  await expect(page.getByRole("heading", { name: "kim" })).toBeVisible();
  await expect(page.getByText("Staff: sees everything here, and revokes")).toBeVisible();
  await openSession(server, { name: "kim", password: "kim was not here before" });
});

test("somebody is in an account: it is seen, shut, and given back", async ({ page, server }) => {
  const lea = newcomer(server, "lea");
  const tokens = await openSession(server, lea);
  await apiToken(server, lea);
  await signInToAdmin(page, ADMIN);
  await openUser(page, server, lea.name);
  await expect(page.getByRole("table", { name: "Live sessions of the user" }).locator("tbody tr")).toHaveCount(1);
  await expect(page.getByRole("link", { name: "Reset the API token" })).toBeVisible();
  await expect(page.getByRole("table", { name: /^Sign-ins/ }).getByText("signed in").first()).toBeVisible();

  await page.getByRole("link", { name: "Deactivate" }).click();
  await expect(page.getByText("1 session ends, wherever it is.")).toBeVisible();
  await page.getByLabel("Reason").fill("somebody else is in it");
  await page.getByRole("button", { name: "Deactivate the user" }).click();
  await expect(page.getByRole("status")).toHaveText("They can not sign in any more, and their sessions have ended.");
  expect((await askForUsers(server, tokens.access)).status).toBe(401);
  expect((await presentRefresh(server, tokens.refresh)).headers.get("jotward-session-ended")).toBe("user_disabled");
  await expect(page.getByText("Not signed in anywhere.")).toBeVisible();

  await page.getByRole("link", { name: "Set the password" }).click();
  await page.getByLabel("New password").fill("lea has it back now");
  await page.getByLabel("Reason").fill("a new one by phone");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("status")).toHaveText("The password is set.");
  await page.getByRole("link", { name: "Activate" }).click();
  await page.getByRole("button", { name: "Activate the user" }).click();
  await expect(page.getByRole("status")).toHaveText("They can sign in again.");
  await expect(page.getByText("password changed")).toBeVisible();
  await openSession(server, { ...lea, password: "lea has it back now" });
});

test("a user is edited, and deleted", async ({ page, server }) => {
  const nils = newcomer(server, "nils");
  const { access } = await openSession(server, nils);
  await signInToAdmin(page, ADMIN);
  await openUser(page, server, nils.name);
  const address = page.url();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Username").fill(ADMIN.name);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Username")).toHaveAccessibleDescription(/^Somebody has this name/);
  await expect(page.getByLabel("Username")).toHaveValue(ADMIN.name);
  await page.getByLabel("Username").fill("nils-2");
  await page.getByLabel("E-mail address").fill("nils@example.org");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toHaveText("The user is changed.");
  await expect(page.getByRole("heading", { name: "nils-2" })).toBeVisible();
  expect((await askForUsers(server, access)).status).toBe(200);

  await page.getByRole("link", { name: "Delete" }).click();
  await expect(page.getByText("This can not be undone.")).toBeVisible();
  await page.getByLabel("Reason").fill("asked for it");
  await page.getByRole("button", { name: "Delete the user" }).click();
  await expect(page).toHaveURL(/\/admin\/users\/\?done=deleted&whose=\d+$/);
  expect((await askForUsers(server, access)).status).toBe(401);
  expect((await page.goto(address))?.status()).toBe(404);
});

test("staff see a user and are told who may change them", async ({ page, server }) => {
  const uma = newcomer(server, "uma", "--staff");
  await signInToAdmin(page, uma);
  await openUser(page, server, uma.name);
  const { pathname } = new URL(page.url());
  await expect(page.getByRole("link", { name: "End all sessions", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  expect((await page.goto(`${pathname}delete/`))?.status()).toBe(403);
  await expect(page.getByRole("heading", { name: "Only superusers may do this" })).toBeVisible();
});

test("one's own session and account are marked, and not given up by a slip", async ({ page, server }) => {
  await signInToAdmin(page, ADMIN);
  const own = page.getByRole("banner").getByRole("link", { name: ADMIN.name });
  await expect(own).toHaveAttribute("href", /^\/admin\/sessions\/[0-9a-f-]+\/$/);
  const session = await own.getAttribute("href");
  await openUser(page, server, ADMIN.name);
  await expect(rows(page).filter({ hasText: "yours, now" })).toHaveCount(1);
  await page.getByRole("link", { name: "Deactivate" }).click();
  await expect(page.getByText(/^This is you\./)).toBeVisible();
  await expect(page.getByRole("button", { name: "Deactivate the user" })).toHaveCount(0);

  await page.goto(`${session}end/`);
  await page.getByLabel("Reason").fill("a slip");
  await page.getByRole("button", { name: "End the session" }).click();
  await expect(page.getByRole("alert")).toHaveText("Tick the box: it is the session you are working in.");
  await page.goto("/admin/");
  await expect(page.getByText(`Signed in as ${ADMIN.name}`)).toBeVisible();
});

test.describe("looked at by axe, which needs scripts of its own", () => {
  test.use({ javaScriptEnabled: true });

  for (const [turn, end] of ["", "edit/", "password/", "deactivate/", "delete/", "../new/"].entries()) {
    test(`the page users/1/${end} is without barriers, wide and narrow, light and dark`, async ({ page, server }) => {
      const robin = newcomer(server, `robin-${turn}`);
      await openSession(server, robin);
      await apiToken(server, robin);
      await signInToAdmin(page, ADMIN);
      await openUser(page, server, robin.name);
      await page.goto(new URL(end, page.url()).pathname);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        expect(await sideways(page), `at ${width}`).toBe(0);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          await expectNoBarriers(page);
        }
      }
    });
  }
});

/** Somebody only this test knows. */
function newcomer(server: Server, name: string, ...options: string[]): Person {
  const person = { name, password: `${name} is here once` };
  server.addUser(person.name, person.password, ...options);
  return person;
}

/** The page of a user, by their number on record. */
async function openUser(page: Page, server: Server, name: string): Promise<void> {
  const line = server.command(["user", "list"]).split("\n").find((line) => line.split(/\s+/)[2] === name);
  const id = line?.trim().split(/\s+/)[0];
  await page.goto(`/admin/users/${id}/`);
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
}

/** How far the page can be scrolled sideways. */
async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
