// A session that is about to end however much it is used: the warnings, and the way to stay.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { claims, presentRefresh } from "./api.ts";
import { expect, test } from "./fixtures.ts";
import { enterCredentials, type Person, seesTheList, userList } from "./people.ts";
import { Server } from "./server.ts";
import { storedSession, TOKENS_IN_STORAGE } from "./storage.ts";

test.use({ settings: { JOTWARD_SESSION_LIFETIME: "1h", ...TOKENS_IN_STORAGE } });

const SOON = "This session ends in 5 minutes.";
const LAST = "This session ends in less than a minute.";

for (const [path, name] of [
  ["/users", "uwe"],
  ["/sessions", "sue"],
  ["/password", "pia"],
] as const) {
  test(`on ${path} the end is told, and the password opens the next session`, async ({ page, server }) => {
    const who = person(server, name);
    // An hour ahead of the server's clock: nothing is measured by it.
    await page.clock.install({ time: Date.now() + 3_600_000 });
    await arrive(page, path, who);
    const before = await storedSession(page);
    await expect(warning(page)).toBeHidden();

    await page.clock.fastForward("54:50");
    await page.clock.runFor(2_000);
    await expect(warning(page)).toBeHidden();
    await page.clock.fastForward("00:30");
    await expect(warning(page)).toHaveText(SOON);
    await expect(page.getByRole("alertdialog")).toBeHidden();
    const here = page.getByRole("link", { name: "Home" });
    await here.focus();
    await page.clock.fastForward("04:00");

    const question = page.getByRole("alertdialog", { name: "Stay signed in?" });
    await expect(question).toBeVisible();
    await expect(warning(page)).toHaveText(LAST);
    const password = question.getByLabel("Password");
    await expect(password).toBeFocused();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((rule) => rule.id)).toEqual([]);

    await page.keyboard.press("Enter");
    await expect(password).toHaveAccessibleDescription("Please enter your password.");
    await password.fill("not it");
    await page.keyboard.press("Enter");
    await expect(password).toHaveAccessibleDescription("This is not your password.");
    await password.fill(who.password);
    await page.keyboard.press("Enter");

    await expect(question).toBeHidden();
    await expect(page.getByText("You stay signed in.")).toBeVisible();
    await expect(here).toBeFocused();
    await expect(warning(page)).toBeHidden();
    await expect(page).toHaveURL(path);
    const after = await storedSession(page);
    expect(after?.where).toBe(before?.where);
    expect(claims(after?.access ?? "").sid).not.toBe(claims(before?.access ?? "").sid);
    await expect
      .poll(async () => (await presentRefresh(server, before?.refresh ?? "")).headers.get("jotward-session-ended"))
      .toBe("logout");
    expect((await presentRefresh(server, after?.refresh ?? "")).status).toBe(200);
  });
}

test("who does not want to stay now can stay later", async ({ page, server }) => {
  const who = person(server, "lia");
  await page.clock.install();
  await arrive(page, "/users", who);
  await page.clock.fastForward("59:10");
  const question = page.getByRole("alertdialog");
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await page.clock.runFor(3_000);
  await expect(question).toBeHidden();
  const stay = page.getByRole("button", { name: "Stay signed in" });
  await stay.focus();
  await page.keyboard.press("Enter");
  await expect(question).toBeVisible();
  await page.keyboard.type(who.password);
  await page.keyboard.press("Enter");
  await expect(page.getByText("You stay signed in.")).toBeVisible();
  await expect(page.locator("#ending")).toBeFocused();
  await expect(userList(page)).toBeVisible();
});

test("the warning fits a phone, in light and dark", async ({ page, server }) => {
  test.slow();
  const who = person(server, "ron");
  await page.clock.install();
  await arrive(page, "/users", who);
  await page.clock.fastForward("56:00");
  await expect(warning(page)).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((rule) => rule.id)).toEqual([]);
  }
});

test("when the time is over the page leads to the login, says why, and comes back", async ({ page }) => {
  const short = await Server.start({ JOTWARD_SESSION_LIFETIME: "4s" });
  try {
    const who = person(short, "max");
    await page.goto(`${short.url}/login?next=/users`);
    await enterCredentials(page, who);
    await expect(page).toHaveURL(`${short.url}/login?next=/users&reason=expired`);
    await expect(page.getByText("This session has expired. Please sign in again.")).toBeVisible();
    await enterCredentials(page, who);
    await seesTheList(page);
  } finally {
    await short.end();
  }
});

async function arrive(page: Page, path: string, who: Person): Promise<void> {
  await page.goto(`/login?next=${path}`);
  const asked = page.waitForResponse("**/api/sessions/current/");
  await enterCredentials(page, who);
  await expect(page).toHaveURL(path);
  await asked;
  await expect(page.getByRole("button", { name: /^(Reload|Change the password)$/ })).toBeEnabled();
}

/** Somebody whose sessions no other test counts. */
function person(server: Server, name: string): Person {
  const who = { name: `${name}-of-ending`, password: `${name} stays a while` };
  server.addUser(who.name, who.password);
  return who;
}

function warning(page: Page) {
  return page.locator("#ending-warning");
}
