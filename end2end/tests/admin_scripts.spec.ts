// The admin in a browser that would run scripts: there are none, and nothing tries to run one.

import { askForUsers, claims, openSession } from "./api.ts";
import { ADMIN, expect, test, USER } from "./fixtures.ts";
import { blacklist, endSessionOf, enterCredentials, openList, rows, search, signInToAdmin, signOut } from "./staff.ts";
import { complaints } from "./wire.ts";

test("a whole day in the admin needs no script, and the browser has nothing to complain about", async ({ page, server }) => {
  const heard = await complaints(page);
  const scripts: string[] = [];
  page.on("request", (request) => {
    if (request.resourceType() === "script" || /\.(js|wasm)$/.test(request.url())) scripts.push(request.url());
  });
  const { access } = await openSession(server, USER);
  const jti = String(claims(access).jti);

  await signInToAdmin(page, ADMIN);
  await blacklist(page, jti, "seen in a log");
  expect((await askForUsers(server, access)).status).toBe(401);
  await endSessionOf(page, USER.name, "the log was public");
  await openList(page, "Blacklisted");
  await search(page, jti);
  await expect(rows(page)).toContainText("seen in a log");
  await signOut(page);
  await expect(page.getByRole("status")).toHaveText("You are signed out.");

  await expect(page.locator("script")).toHaveCount(0);
  expect(scripts).toEqual([]);
  expect(heard).toEqual([]);

  // Last, because a browser reports the refusal's status in its console.
  await enterCredentials(page, { ...ADMIN, password: "not it" });
  await expect(page.getByRole("alert")).toBeVisible();
  expect(scripts).toEqual([]);
});
