// Where each client may choose how its refresh token travels, our pages keep to storage, and the browser's one cookie is
// the lab's to play with, unless it is somebody's.

import { cookieOf, cookiesOf, isOver, keptByThePage, putCookieOf } from "./cookies.ts";
import { expect, test, USER } from "./fixtures.ts";
import { chooseScene, enterLab, playScene } from "./learner.ts";
import { seesTheList, signIn } from "./people.ts";

test("our pages keep to storage, and leave no cookie", async ({ page, context }) => {
  await signIn(page, USER);
  expect(await keptByThePage(page)).toContain("eyJ");
  expect(await cookiesOf(context, page)).toBe(0);
});

test("the lab plays beside a session, and does not touch it", async ({ page }) => {
  await signIn(page, USER);
  const kept = await keptByThePage(page);
  await enterLab(page, USER);
  await playScene(page, "In a cookie");
  await expect(page.getByTestId("findings").getByText("not as expected")).toHaveCount(0);
  expect(await keptByThePage(page)).toBe(kept);
  await page.goto("/users");
  await seesTheList(page);
});

test("a cookie that is somebody's is left alone by the lab, and the scene says so", async ({ page, context }) => {
  await signIn(page, USER);
  // As it is left by a server whose operator said `cookie` then.
  await putCookieOf(page, USER);
  await page.evaluate(() => localStorage.setItem("jotward.cookie", "1"));
  const cookie = await cookieOf(context, page);
  await enterLab(page, USER);
  await playScene(page, "In a cookie");
  await expect(page.getByTestId("findings")).toContainText("belongs to who is signed in here");
  expect(await cookieOf(context, page)).toBe(cookie);
});

test("who leaves the lab in the middle of its scene leaves no cookie", async ({ page, context, server }) => {
  await enterLab(page, USER);
  await chooseScene(page, "In a cookie");
  await page.getByRole("button", { name: "Play the scene" }).click();
  await expect.poll(() => cookiesOf(context, page)).toBe(1);
  const session = await cookieOf(context, page);
  await page.goto("/");
  await expect.poll(() => cookiesOf(context, page)).toBe(0);
  await isOver(server.url, session);
});
