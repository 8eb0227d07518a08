// The README's pictures: real pages of a real server on which a few people have worked for a moment.

import { join } from "node:path";
import type { Page } from "@playwright/test";
import { claims, openSession, renew, signOut } from "./tests/api.ts";
import { expect, test as base } from "./tests/fixtures.ts";
import { countdown, outlivesTheAccessToken, type Person, seesTheList, signIn } from "./tests/people.ts";
import { Server } from "./tests/server.ts";
import { blacklist, endSessionOf, search, signInToAdmin } from "./tests/staff.ts";

const PICTURES = join(import.meta.dirname, "../docs/screenshots");
const PHONE = { width: 390, height: 844 };

const [ADMIN, ALICE, BOB, CAROL, DORA] = ["admin", "alice", "bob", "carol", "dora"].map((name) => ({
  name,
  password: `${name} is in the picture`,
})) as [Person, Person, Person, Person, Person];

/** A server of its own, with nobody on it but the people of the pictures. */
const test = base.extend<{ stage: Server }>({
  // Playwright reads the names of what a fixture needs from this pattern; it needs nothing.
  stage: async ({}, use) => {
    const stage = await Server.start();
    try {
      for (const { name, password } of [ADMIN, ALICE, BOB, CAROL, DORA]) {
        stage.addUser(name, password, "--email", `${name}@example.com`, ...(name === "admin" ? ["--staff"] : []));
      }
      await use(stage);
    } finally {
      await stage.end();
    }
  },
  baseURL: async ({ stage }, use) => use(stage.url),
});

test.use({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, reducedMotion: "reduce" });

test("the login", async ({ page }) => {
  await page.goto("/login?next=%2Fusers&reason=admin");
  await expect(page.getByText("An administrator ended this session.")).toBeVisible();
  await picture(page, "login");
});

test("the protected list, after a renewal", async ({ page }) => {
  await page.clock.install();
  await signIn(page, ALICE);
  await page.clock.fastForward("05:00");
  await outlivesTheAccessToken(page);
  await page.getByRole("button", { name: "Five calls at once" }).click();
  await expect(page.getByText("Calls answered: 5 of 5. Renewals: 1.")).toBeVisible();
  await page.clock.fastForward("00:42");
  await seesTheList(page);
  await expect(countdown(page)).toHaveText(/^expires in 4 min/);
  await picture(page, "users");
});

test("the outstanding tokens, wide and light, narrow and dark", async ({ page, stage }) => {
  await work(page, stage);
  await page.goto("/admin/outstanding/");
  await picture(page, "outstanding");

  await search(page, ALICE.name);
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "outstanding-phone-dark");
});

/** Sessions of every kind: alive and renewed, with a blacklisted token, signed out, ended by an admin. */
async function work(page: Page, server: Server): Promise<void> {
  await signInToAdmin(page, ADMIN);
  await renew(server, await openSession(server, ALICE));
  const dora = await openSession(server, DORA);
  const bob = await openSession(server, BOB);
  await signOut(server, bob);
  await openSession(server, CAROL);
  await endSessionOf(page, CAROL.name, "left a laptop on a train");
  await blacklist(page, String(claims(dora.access).jti), "pasted into a chat");
}

async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled", caret: "hide" });
}
