// The admin's first page: what is wrong, how much there is, how much happened. Without scripts.

import { openSession, presentRefresh, renew } from "./api.ts";
import { ADMIN, expect, test } from "./fixtures.ts";
import { Server } from "./server.ts";
import { enterCredentials, openOverview, seesTheOverview, signInToAdmin, theftOf } from "./staff.ts";

test.use({ javaScriptEnabled: false });

test("a login leads to what needs attention, and that to the session and its events", async ({ page, server }) => {
  const zoe = { name: "zoe", password: "zoe is here once" };
  server.addUser(zoe.name, zoe.password);
  const session = await theftOf(server, zoe);

  await page.goto("/admin/");
  await enterCredentials(page, ADMIN);
  await seesTheOverview(page);

  const theft = page.getByRole("listitem").filter({ hasText: "A spent refresh token came back" });
  await expect(theft.getByRole("link", { name: zoe.name })).toBeVisible();
  await expect(theft.getByRole("link", { name: /^session …/ }).first()).toHaveAttribute(
    "href",
    `/admin/sessions/${session}/`,
  );
  await expect(theft.getByRole("link", { name: "Every reuse" })).toHaveAttribute(
    "href",
    "/admin/events/?kind=authn_token_reuse",
  );
});

test("what happens is drawn, said and written into a table", async ({ page }) => {
  const server = await Server.start();
  try {
    server.addUser(ADMIN.name, ADMIN.password, "--superuser");
    await page.goto(`${server.url}/admin/`);
    await enterCredentials(page, ADMIN);
    await expect(page.getByText("Nothing needs attention.")).toBeVisible();

    const tokens = await renew(server, await openSession(server, ADMIN));
    expect((await presentRefresh(server, tokens.refresh)).status).toBe(200);
    await expect(async () => {
      await openOverview(page);
      const said = /^2 refreshes (in the last 24 hours|since .+, when counting began), most from \d\d:00 UTC: \d\.$/;
      await expect(page.getByRole("img", { name: said })).toBeVisible({ timeout: 100 });
    }).toPass();

    const table = page.getByRole("table", { name: /by the hour/ });
    await expect(table).toBeHidden();
    await page.getByText("The last 24 hours as a table").click();
    await expect(table).toBeVisible();
    await expect(table.getByRole("columnheader")).toHaveText(["Hour", "Logins", "Failed logins", "Refreshes", "Reuse"]);
    await expect(table.locator("tbody").getByRole("row")).toHaveCount(24);
  } finally {
    await server.end();
  }
});

test("a number leads to its list", async ({ page }) => {
  await signInToAdmin(page, ADMIN);
  await openOverview(page);
  await page.getByRole("link", { name: "Tokens blacklisted" }).click();
  await expect(page).toHaveURL("/admin/blacklisted/");
});
