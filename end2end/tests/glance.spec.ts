// While nothing is asked in the lab it looks at the record now and then, for what was done elsewhere, and goes on with that
// when a scene was given up in the middle of a request.

import { claims, type Tokens } from "./api.ts";
import { expect, test } from "./fixtures.ts";
import { chooseScene, enterLab } from "./learner.ts";

const WATCHER = { name: "gundula", password: "gundula glances now and then" };

test.beforeAll(({ server }) => server.addUser(WATCHER.name, WATCHER.password));

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
