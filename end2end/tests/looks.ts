// How a page looks to axe and on a phone.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Accessible in light and dark, and no wider than its window, a phone's included. */
export async function looksRight(page: Page): Promise<void> {
  for (const size of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expectNoBarriers(page);
    }
  }
}

/** Nothing axe finds, and nothing it can not tell. */
export async function expectNoBarriers(page: Page): Promise<void> {
  const { violations, incomplete } = await new AxeBuilder({ page }).analyze();
  expect([...violations, ...incomplete].map((rule) => rule.id + rule.nodes.map((node) => node.html))).toEqual([]);
}
