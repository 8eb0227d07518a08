// The bar of the admin: all links beside each other where there is room, and two lines with a menu where there is none.

import type { Locator, Page } from "@playwright/test";
import { ADMIN, expect, test } from "./fixtures.ts";
import { looksRight } from "./looks.ts";
import { seesTheOverview, signInToAdmin } from "./staff.ts";

const PHONE = { width: 390, height: 844 };

test("on a phone the bar is two lines, and its menu is opened and followed by keyboard", async ({ page }) => {
  await signInToAdmin(page, ADMIN);
  await page.setViewportSize(PHONE);
  const height = await page.getByRole("banner").evaluate((bar) => bar.getBoundingClientRect().height);
  expect(height).toBeLessThanOrEqual(100);
  await expect(links(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();

  const menu = page.getByText("Menu", { exact: true });
  await menu.focus();
  await page.keyboard.press("Enter");
  await expect(links(page)).toHaveCount(10);
  await expect(links(page).and(page.locator("[aria-current=page]"))).toHaveText("Outstanding");
  await looksRight(page);

  await page.setViewportSize(PHONE);
  const overview = links(page).first();
  for (let stops = 0; stops < 5; stops += 1) {
    if (await overview.evaluate((link) => link === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(overview).toBeFocused();
  await page.keyboard.press("Enter");
  await seesTheOverview(page);
  await expect(links(page)).toHaveCount(0);
  await looksRight(page);
});

test("with room for them all links are there, and no menu", async ({ page }) => {
  await signInToAdmin(page, ADMIN);
  for (const width of [1280, 1121]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(links(page)).toHaveCount(10);
    await expect(page.getByText("Menu", { exact: true })).toBeHidden();
    const tops = await links(page).evaluateAll((all) => all.map((link) => link.getBoundingClientRect().top));
    expect(new Set(tops).size).toBe(1);
  }
});

/** The links of the bar that can be followed. */
function links(page: Page): Locator {
  return page.getByRole("navigation", { name: "Admin" }).getByRole("link");
}
