// The server goes away and comes back: nobody is signed out, and nobody is alarmed.

import type { Page } from "@playwright/test";
import { expect, test, USER } from "./fixtures.ts";
import { notice, pressReload, reload, seesTheList, signIn, signOut, trouble, UNREACHABLE } from "./people.ts";
import { storedSession, TOKENS_IN_STORAGE } from "./storage.ts";

test.use({ settings: TOKENS_IN_STORAGE });

test("the page waits for the server, and goes on when it is back", async ({ page, server }) => {
  await signIn(page, USER);

  await server.stop();
  await pressReload(page);
  await staysCalm(page);

  await server.resume();
  await seesTheList(page);
  await reload(page);
});

test("a page that has waited long enough says so, and Reload works when the server is back", async ({ page, server }) => {
  await page.clock.install();
  await signIn(page, USER);

  await server.stop();
  await pressReload(page);
  await staysCalm(page);
  // Half a minute of waiting, without waiting for it.
  await expect
    .poll(async () => {
      await page.clock.fastForward("00:31");
      return trouble(page).textContent();
    })
    .toBe("The server can not be reached. You are still signed in. Reload to try again.");
  await expect(notice(page)).toHaveText("");

  await server.resume();
  await reload(page);
});

test("the login says that the server can not be reached, and works when it is back", async ({ page, server }) => {
  await page.goto("/login");
  await page.getByLabel("Username").fill(USER.name);
  await page.getByLabel("Password").fill(USER.password);
  const send = page.getByRole("button", { name: "Sign in" });

  await server.stop();
  await send.click();
  await expect(trouble(page)).toHaveText("The server can not be reached. Please try again in a moment.");

  await server.resume();
  await send.click();
  await seesTheList(page);
});

test("who signs out meanwhile is told that the server has not heard it", async ({ page, server }) => {
  await signIn(page, USER);

  await server.stop();
  await signOut(page);

  await expect(page).toHaveURL("/users");
  await expect(page.getByRole("cell")).toHaveCount(0);
  await expect(page.getByText("You are signed out on this device, but the server could not be reached.")).toBeVisible();
  expect(await storedSession(page)).toBeUndefined();
  await server.resume();
  expect(server.output()).not.toContain("panicked");
});

async function staysCalm(page: Page): Promise<void> {
  await expect(notice(page)).toHaveText(UNREACHABLE);
  await expect(page).toHaveURL("/users");
  expect(await storedSession(page)).toBeDefined();
}
