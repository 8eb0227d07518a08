// The test of a page: in light and dark, wide and narrow, it is accessible, no wider than the screen, and no browser
// complains of it.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { Sight } from "./pages.ts";
import { complaints } from "./wire.ts";

const SCHEMES = ["light", "dark"] as const;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

/** Adds the test of a page. */
export function looksGood({ name, open, expected }: Sight): void {
  test(`${name} is accessible, fits a phone and makes no browser complain`, async ({ page, server }) => {
    test.slow(); // axe reads every page four times
    const heard = await complaints(page);
    await open(page, server);
    await page.waitForLoadState("networkidle");
    await expect(page).toHaveTitle(/ · Jotward/);

    for (const size of [WIDE, NARROW]) {
      await page.setViewportSize(size);
      expect(await overflow(page), `too wide for ${size.width} px`).toEqual([]);
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        expect(await objections(page), `${colorScheme}, ${size.width} px`).toEqual([]);
      }
    }
    expect(heard.filter((complaint) => !expected?.test(complaint))).toEqual([]);
  });
}

/** What axe objects to or can not decide: the rule, where, and why. */
async function objections(page: Page): Promise<string[]> {
  const { violations, incomplete } = await new AxeBuilder({ page }).analyze();
  const rules = [...violations, ...incomplete];
  return rules.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}: ${node.failureSummary}`));
}

/** What reaches beyond the right edge of the page, if the page can be scrolled sideways. */
async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const outside = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 0.5,
    );
    return [`${scrollWidth} > ${clientWidth}`, ...outside.map((element) => element.outerHTML.slice(0, 120))];
  });
}
