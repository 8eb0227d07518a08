// Signing in too often: both forms say how long to wait.

import { ADMIN, expect, test, USER } from "./fixtures.ts";
import { enterCredentials } from "./people.ts";
import { enterCredentials as enterAdminCredentials } from "./staff.ts";

test.use({ settings: { JOTWARD_THROTTLE: "on", JOTWARD_THROTTLE_ACCOUNT: "2/hour" } });

test("the login says how long to wait, and keeps what was typed", async ({ page }) => {
  await page.goto("/login");
  for (let attempt = 0; attempt < 2; attempt++) {
    await enterCredentials(page, { name: USER.name, password: "not it" });
    await expect(page.getByRole("alert")).toContainText("is not right");
  }
  await enterCredentials(page, USER);
  await expect(page.getByRole("alert")).toHaveText("The server asks for a pause. Please try again in 30 minutes.");
  await expect(page.getByLabel("Username")).toHaveValue(USER.name);
  await expect(page.getByLabel("Password")).toBeFocused();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the admin's form says how long to wait, and keeps the name", async ({ page }) => {
    await page.goto("/admin/login/");
    for (let attempt = 0; attempt < 2; attempt++) {
      await enterAdminCredentials(page, { name: ADMIN.name, password: "not it" });
      await expect(page.getByRole("alert")).toContainText("That is not the username and password");
    }
    await enterAdminCredentials(page, ADMIN);
    await expect(page.getByRole("alert")).toHaveText("Too many attempts to sign in. Please try again in 30 minutes.");
    await expect(page.getByLabel("Username")).toHaveValue(ADMIN.name);
  });
});
