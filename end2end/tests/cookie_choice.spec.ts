// Where each client may choose how its refresh token travels, our pages choose the cookie; the lab, whose clients are
// played, stays out of its way.

import { cookieOf, cookiesOf, expiryOf, isOver, keptByThePage } from "./cookies.ts";
import { expect, test, USER } from "./fixtures.ts";
import { chooseScene, enterLab, playScene } from "./learner.ts";
import { seesTheList, SHORT_LIVED, signIn, signOut } from "./people.ts";
import { complaints } from "./wire.ts";

test.use({ settings: { ...SHORT_LIVED, JOTWARD_REGISTRATION: "open" } });

test("our pages choose the cookie", async ({ page, context }) => {
  const heard = await complaints(page);
  await signIn(page, USER);
  expect(await keptByThePage(page)).not.toContain("eyJ");
  expect(await cookiesOf(context, page)).toBe(1);
  await signOut(page);
  await expect(page).toHaveURL("/login?reason=logout");

  await page.goto("/register");
  const form = page.getByRole("form", { name: "Create an account" });
  await form.getByLabel("Username").fill("cora");
  await form.getByLabel("E-mail address").fill("cora@example.org");
  await form.getByLabel("Password").fill("cora keeps no crumbs");
  await form.getByRole("button", { name: "Create the account" }).click();
  await seesTheList(page);
  expect(await keptByThePage(page)).not.toContain("eyJ");
  expect(await expiryOf(context, page)).toBe(-1);
  expect(heard).toEqual([]);
});

test("the lab plays beside a session, and leaves its cookie alone", async ({ page, context }) => {
  await signIn(page, USER);
  const cookie = await cookieOf(context, page);
  await enterLab(page, USER);
  await playScene(page, "Cookie or storage");
  expect(await cookieOf(context, page)).toBe(cookie);
  await page.goto("/users");
  await seesTheList(page);
});

test("who leaves the lab in the middle of its scene leaves no cookie", async ({ page, context, server }) => {
  await enterLab(page, USER);
  await chooseScene(page, "Cookie or storage");
  await page.getByRole("button", { name: "Play the scene" }).click();
  await expect.poll(() => cookiesOf(context, page)).toBe(1);
  const session = await cookieOf(context, page);
  await page.goto("/");
  await expect.poll(() => cookiesOf(context, page)).toBe(0);
  await isOver(server.url, session);
});
