// The list of users when there are many: page by page, and by the beginning of a name.

import type { Page } from "@playwright/test";
import { expect, test, USER } from "./fixtures.ts";
import { looksRight } from "./looks.ts";
import { seesTheList, signIn, userList } from "./people.ts";
import type { Server } from "./server.ts";
import { requests, USERS } from "./wire.ts";

test.use({ settings: { JOTWARD_REGISTRATION: "open" } });

/** Users beside the two that every server has. */
const CROWD = 118;

test("many users come fifty at a time, by keyboard, there and back", async ({ page, server }) => {
  await crowd(server);
  await signIn(page, USER);
  const pages = page.getByRole("navigation", { name: "Pages of users" });
  const [previous, next] = [pages.getByRole("button", { name: "Previous" }), pages.getByRole("button", { name: "Next" })];
  await expect(rows(page)).toHaveCount(50);
  await expect(page.getByTestId("part")).toHaveText("Users 1 to 50");
  await expect(previous).toHaveAttribute("aria-disabled", "true");

  await next.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("part")).toHaveText("Users 51 to 100");
  await expect(next).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByTestId("part")).toHaveText("Users 101 to 120, the last ones");
  await expect(rows(page)).toHaveCount(20);
  await expect(next).toBeFocused();
  const asked = requests(page, USERS);
  await page.keyboard.press("Enter");
  expect(asked).toEqual([]);

  await page.keyboard.press("Shift+Tab");
  await expect(previous).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("part")).toHaveText("Users 51 to 100");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("part")).toHaveText("Users 1 to 50");
  await expect(rows(page).first()).toContainText(USER.name);
});

test("a search finds by the beginning of a name or an address", async ({ page, server }) => {
  await crowd(server);
  await signIn(page, USER);
  const field = page.getByRole("searchbox");
  await field.fill("MEMBER11");
  await page.keyboard.press("Enter");
  await expect(rows(page)).toHaveCount(8);
  await expect(page.getByRole("navigation", { name: "Pages of users" })).toBeHidden();
  await field.fill("at007@");
  await page.keyboard.press("Enter");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("member007");
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(rows(page)).toHaveCount(1);
  await field.fill("<nobody> & %");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nobody's name or e-mail address begins so.")).toBeVisible();
  await field.fill("");
  await page.keyboard.press("Enter");
  await seesTheList(page);
  await expect(rows(page)).toHaveCount(50);
});

test("a long list is accessible and fits a phone", async ({ page, server }) => {
  test.slow();
  await crowd(server);
  await signIn(page, USER);
  await expect(rows(page)).toHaveCount(50);
  await looksRight(page);
});

const crowded = new WeakSet<Server>();

/** Makes the crowd, once a server. */
async function crowd(server: Server): Promise<void> {
  if (crowded.has(server)) return;
  crowded.add(server);
  for (let n = 0; n < CROWD; n += 1) {
    const number = String(n).padStart(3, "0");
    const answer = await fetch(`${server.url}/api/register/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: `member${number}`, email: `at${number}@example.org`, password: "one of many" }),
    });
    expect(answer.status).toBe(201);
  }
}

function rows(page: Page) {
  return userList(page).locator("tbody").getByRole("row");
}
