// The server answers, and its first page is complete.

import { expect, test } from "./fixtures.ts";

test("the first page has a title, and the browser has nothing to complain about", async ({ page }) => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });

  const answer = await page.goto("/", { waitUntil: "networkidle" });

  expect(answer?.status()).toBe(200);
  await expect(page).toHaveTitle(/Jotward/);
  expect(complaints).toEqual([]);
});
