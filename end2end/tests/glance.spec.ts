// While nothing is asked in the lab it looks at the record now and then, for what was done elsewhere: that must neither
// draw anything anew for nothing, nor stop because a scene was given up in the middle of a request.

import type { Page } from "@playwright/test";
import { claims, type Tokens } from "./api.ts";
import { expect, test } from "./fixtures.ts";
import { chooseScene, enterLab, playScene } from "./learner.ts";

const WATCHER = { name: "gundula", password: "gundula glances now and then" };

test.beforeAll(({ server }) => server.addUser(WATCHER.name, WATCHER.password));

test("looking at what did not change draws nothing anew", async ({ page }) => {
  test.slow();
  await enterLab(page, WATCHER);
  await playScene(page, "Ten calls at once");
  await look(page);
  const stage = page.getByTestId("wires");
  await stage.evaluate((wires) => {
    const seen = window as unknown as { mutations: number };
    seen.mutations = 0;
    const count = (records: MutationRecord[]): void => void (seen.mutations += records.length);
    new MutationObserver(count).observe(wires, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  for (let looks = 0; looks < 3; looks += 1) await look(page);
  expect(await page.evaluate(() => (window as unknown as { mutations: number }).mutations)).toBe(0);
});

test("a scene that is given up in the middle of a request leaves the look at the record going", async ({ page, server }) => {
  test.slow();
  await enterLab(page, WATCHER);
  // The call is never answered.
  const held = page.waitForRequest("**/api/users/");
  await page.route("**/api/users/", () => undefined);
  const login = page.waitForResponse((response) => new URL(response.url()).pathname === "/api/token/");
  await chooseScene(page, "Signing out");
  await page.getByRole("button", { name: "Play the scene" }).click();
  const { access } = (await (await login).json()) as Tokens;
  await held;
  await expect(page.getByTestId("standing")).toHaveText("live");
  await page.getByRole("button", { name: "Stop" }).click();

  server.command(["session", "end", String(claims(access).sid)]);

  await expect(page.getByTestId("standing")).toHaveText(/^ended/, { timeout: 15_000 });
});

/** Waits for the page to look at the record, and to have drawn what it saw. */
async function look(page: Page): Promise<void> {
  await page.waitForResponse((response) => /^\/api\/sessions\/[^/]+\/$/.test(new URL(response.url()).pathname));
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}
