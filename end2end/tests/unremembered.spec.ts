// The lab on a server that does not remember which sessions are over (IMMEDIATE_REVOCATION=false): an access token is good
// until it expires, whatever happens to its session, and the lab says so.

import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { chooseLife, enterLab, playScene } from "./learner.ts";

const LEARNER = { name: "ottilie", password: "ottilie forgets at once" };

test.use({ settings: { JOTWARD_IMMEDIATE_REVOCATION: "false" } });

test.beforeAll(({ server }) => server.addUser(LEARNER.name, LEARNER.password));

test.beforeEach(() => test.slow());

test("signing out: a copied access token is let in, and the page says for how long", async ({ page }) => {
  const answers = await played(page, "Signing out");
  expect(answers).toEqual([
    "/api/token/ 200",
    "/api/users/ 200",
    "/api/token/blacklist/ 200",
    "/api/users/ 200",
    "/api/token/refresh/ 401",
  ]);
  await everythingHeld(page);
  await expect(findings(page)).toContainText("IMMEDIATE_REVOCATION is off on this server");
  await expect(findings(page)).toContainText(/let in for [1-6]?\d s more/);
});

test("theft: the thief's access token opens until it runs out, and the refresh tokens are dead", async ({ page }) => {
  const answers = await played(page, "Theft: victim first");
  expect(answers.slice(-3)).toEqual([
    "/api/token/refresh/ 401", // the thief's copy
    "/api/users/ 200", // the access token that was copied with it
    "/api/token/refresh/ 401", // the victim's, whose access token has run out by now
  ]);
  await everythingHeld(page);
  await expect(findings(page)).toContainText("let in until it runs out: IMMEDIATE_REVOCATION is off");
  await expect(page.getByTestId("standing")).toHaveText("ended: reuse");
});

/** Plays a scene to its end; answers path and status of each answer to it, in order. */
async function played(page: Page, scene: string): Promise<string[]> {
  await enterLab(page, LEARNER);
  await chooseLife(page, "a minute");
  const paths = ["/api/token/", "/api/token/refresh/", "/api/token/blacklist/", "/api/users/"];
  const answers: string[] = [];
  page.on("response", (response) => {
    const path = new URL(response.url()).pathname;
    if (paths.includes(path)) answers.push(`${path} ${response.status()}`);
  });
  await playScene(page, scene);
  return answers;
}

function findings(page: Page) {
  return page.getByTestId("findings");
}

async function everythingHeld(page: Page): Promise<void> {
  await expect(findings(page).getByText("as expected", { exact: true })).not.toHaveCount(0);
  await expect(findings(page).getByText("not as expected")).toHaveCount(0);
}
