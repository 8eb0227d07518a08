// The admin's lists of users, devices, events and API tokens, as people without scripts use them.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { apiToken, claims, openSession, presentRefresh, renew } from "./api.ts";
import { ADMIN, expect, test, USER } from "./fixtures.ts";
import type { Server } from "./server.ts";
import { rows, signInToAdmin, turn } from "./staff.ts";

test.use({ javaScriptEnabled: false });

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";
const LISTS = [
  { name: "Users", path: "/admin/users/", wrong: "?from=soon", label: "Joined from" },
  { name: "Devices", path: "/admin/devices/", wrong: "?address=10.0.0", label: "Address or block" },
  { name: "Events", path: "/admin/events/", wrong: "?user=eve", label: "User number" },
  { name: "API tokens", path: "/admin/api-tokens/", wrong: "?user=eve", label: "User number" },
];

test.describe("to axe, which is a script itself,", () => {
  test.use({ javaScriptEnabled: true });

  for (const { name, path, wrong, label } of LISTS) {
    test(`the list of ${name.toLowerCase()} is accessible and fits a phone, and so is a wrong filter`, async ({ page, server }) => {
      test.slow(); // axe reads every page four times
      await something(server);
      await signInToAdmin(page, ADMIN);
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
      await expect(rows(page)).not.toHaveCount(0);
      await holds(page);

      await page.goto(path + wrong);
      await expect(page.getByLabel(label)).toHaveAccessibleDescription(/^This is n/);
      await expect(rows(page)).toHaveCount(0);
      await holds(page);
    });
  }
});

test("a user is searched for by keyboard, and leads to their devices and events", async ({ page, server }) => {
  server.addUser("nina", "nina is here once", "--email", "nina@example.org");
  await openSession(server, { name: "nina", password: "nina is here once" }, FIREFOX);
  await signInToAdmin(page, ADMIN);
  await page.goto("/admin/users/");
  const search = page.getByRole("searchbox");
  await search.focus();
  await page.keyboard.type("NINA@");
  await page.keyboard.press("Enter");
  await page.waitForURL("/admin/users/?q=NINA%40**");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).getByRole("rowheader")).toContainText("nina");
  await expect(page.getByText("1 user", { exact: true })).toBeVisible();

  for (const list of ["devices", "events"]) {
    await page.goto(`/admin/${list}/`);
    await page.getByRole("searchbox").fill("nina");
    await page.keyboard.press("Enter");
    await page.waitForURL(`/admin/${list}/?q=nina**`);
    await expect(rows(page).getByText("Firefox 128 on Windows")).not.toHaveCount(0);
    await expect(rows(page).getByRole("link", { name: "nina", exact: true })).not.toHaveCount(0);
  }
});

test("a filter says in its address what it shows, and can be taken back", async ({ page, server }) => {
  await something(server);
  await signInToAdmin(page, ADMIN);
  await page.goto("/admin/events/");
  await page.getByText("Filters", { exact: true }).click();
  await page.getByLabel("What happened").selectOption("spent token came back");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/kind=authn_token_reuse/);
  await expect(page.getByText("Filters (1 in use)")).toBeVisible();
  await expect(rows(page).first()).toContainText("alarm: spent token came back");
  await expect(rows(page).filter({ hasText: "signed in" })).toHaveCount(0);

  await rows(page).first().getByRole("link", { name: "127.0.0.1" }).click();
  await page.waitForURL("/admin/events/?address=127.0.0.1");
  await expect(rows(page).filter({ hasText: "signed in" })).not.toHaveCount(0);
  await page.getByRole("link", { name: "Show all" }).click();
  await page.waitForURL("/admin/events/");
});

test("the heads sort, and the pages follow each other in that order", async ({ page, server }) => {
  for (let n = 10; n < 64; n += 1) server.addUser(`page${n}`, "nobody comes by it");
  await signInToAdmin(page, ADMIN);
  await page.goto("/admin/users/?q=page");
  await expect(page.getByRole("columnheader", { name: "Joined" })).toHaveAttribute("aria-sort", "descending");

  await page.getByRole("link", { name: "Username" }).click();
  await page.waitForURL(/sort=username/);
  await expect(page.getByRole("columnheader", { name: "Username" })).toHaveAttribute("aria-sort", "ascending");
  await expect(page.getByText("54 users")).toBeVisible();
  await expect(rows(page).first()).toContainText("page10");
  await turn(page, page.getByRole("link", { name: "Next" }));
  await expect(rows(page)).toHaveCount(4);
  await expect(rows(page).last()).toContainText("page63");
  await expect(page.getByRole("link", { name: "Next" })).toHaveCount(0);
  await turn(page, page.getByRole("link", { name: "Previous" }));
  await expect(rows(page)).toHaveCount(50);

  await page.getByRole("link", { name: "Username" }).click();
  await page.waitForURL(/dir=desc/);
  await expect(rows(page).first()).toContainText("page63");
});

test("what is shown is a file, too", async ({ page, server }) => {
  await something(server);
  await signInToAdmin(page, ADMIN);
  await page.goto(`/admin/users/?q=${USER.name}`);
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  expect((await coming).suggestedFilename()).toBe("jotward-users.csv");
});

test("only superusers are led to adding users", async ({ page, server }) => {
  server.addUser("stan", "stan looks on", "--staff");
  await signInToAdmin(page, ADMIN);
  await page.goto("/admin/users/");
  await expect(page.getByRole("link", { name: "New user" })).toHaveAttribute("href", "/admin/users/new/");
  await page.getByRole("button", { name: "Sign out" }).click();
  await signInToAdmin(page, { name: "stan", password: "stan looks on" });
  await page.goto("/admin/users/");
  await expect(rows(page).filter({ hasText: "stan" })).toHaveCount(1);
  await expect(page.getByRole("link", { name: "New user" })).toHaveCount(0);
});

/** Something for every list: a login from a browser, a spent token that comes back, an API token. */
async function something(server: Server): Promise<void> {
  await openSession(server, USER, FIREFOX);
  const tokens = await openSession(server, USER);
  const next = await renew(server, tokens);
  await renew(server, next);
  expect((await presentRefresh(server, tokens.refresh)).status).toBe(401);
  expect(claims(next.access).sid).toBe(claims(tokens.access).sid);
  await apiToken(server, USER);
}

/** Nothing for axe to object to and nothing to scroll to sideways: wide and narrow, light and dark. */
async function holds(page: Page): Promise<void> {
  for (const size of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    await page.setViewportSize(size);
    const [inside, outside] = await page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return [clientWidth, scrollWidth];
    });
    expect(outside, `${size.width} px`).toBeLessThanOrEqual(inside ?? 0);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations, incomplete } = await new AxeBuilder({ page }).analyze();
      const objections = [...violations, ...incomplete].flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}: ${node.failureSummary}`));
      expect(objections, `${colorScheme}, ${size.width} px`).toEqual([]);
    }
  }
}
