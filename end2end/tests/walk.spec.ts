// The lab without any script: a session walked from its login to its end, in a browser that runs none.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, USER } from "./fixtures.ts";
import type { Page } from "@playwright/test";

const PATH = "/lab/walk/";

async function begin(page: Page): Promise<void> {
  await page.goto(PATH);
  const form = page.getByRole("form", { name: "Sign in" });
  await form.getByLabel("Username").fill(USER.name);
  await form.getByLabel("Password").fill(USER.password);
  await form.getByRole("button", { name: "Sign in, and begin" }).click();
  await expect(page.getByRole("status")).toContainText("A session is open");
}

/** Takes the step that comes next, by the keyboard. */
async function goOn(page: Page, outcome: string): Promise<void> {
  await page.getByRole("button", { name: /^Next: / }).press("Enter");
  await expect(page.getByRole("status")).toContainText(outcome);
  expect(new URL(page.url()).search).toBe("");
}

test.describe("with scripts off", () => {
  test.use({ javaScriptEnabled: false });

  test("a copied token ends the session, and every step shows how", async ({ page }) => {
    await begin(page);
    await expect(page.locator("pre").first()).not.toContainText(USER.password);
    await goOn(page, "Let in.");
    await goOn(page, "its successor took its place");
    await goOn(page, "The very same successor came back");
    await goOn(page, "its successor took its place");
    await goOn(page, "That is the session as its user may see it.");
    await goOn(page, "The session is over for everybody");
    await expect(page.locator("dl")).toContainText("ended (was live)");
    await goOn(page, "Refused: 401");
    await expect(page.getByRole("button", { name: /^Next: / })).toHaveCount(0);
  });
});

test("a wrong password gives the form again, with the name and what is wrong", async ({ page }) => {
  await page.goto(PATH);
  await expect(page.getByText("alice-demo-pass")).toBeVisible();
  const form = page.getByRole("form", { name: "Sign in" });
  await form.getByLabel("Username").fill(USER.name);
  await form.getByLabel("Password").fill("not it");
  await form.getByRole("button", { name: "Sign in, and begin" }).click();
  await expect(page.getByRole("alert")).toHaveText(/not right/);
  await expect(form.getByLabel("Username")).toHaveValue(USER.name);
  await expect(form.getByLabel("Password")).toHaveValue("");
  await expect(form.getByLabel("Password")).toHaveAccessibleDescription(/not right/);

  await form.getByLabel("Password").fill(USER.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("A session is open");
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing, and nothing is to be scrolled to sideways: ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await begin(page);
      await goOn(page, "Let in.");
      await goOn(page, "its successor took its place");
      const found = await new AxeBuilder({ page }).analyze();
      expect(found.violations).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });
  }
}
