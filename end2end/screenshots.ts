// The README's pictures: real pages of a real server on which a few people have worked for a moment.

import { join } from "node:path";
import type { Page } from "@playwright/test";
import { claims, type Tokens } from "./tests/api.ts";
import { expect, test as base } from "./tests/fixtures.ts";
import { enterLab, playScene } from "./tests/learner.ts";
import { countdown, outlivesTheAccessToken, type Person, seesTheList, signIn } from "./tests/people.ts";
import { Server } from "./tests/server.ts";
import { enterCredentials, signInToAdmin } from "./tests/staff.ts";

const PICTURES = join(import.meta.dirname, "../docs/screenshots");
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE = { width: 390, height: 844 };

const [ADMIN, ALICE, BOB, CAROL, DORA] = ["admin", "alice", "bob", "carol", "dora"].map((name) => ({
  name,
  password: `${name} is in the picture`,
})) as [Person, Person, Person, Person, Person];

/** A server of its own, with nobody on it but the people of the pictures. */
const test = base.extend<{ stage: Server }>({
  // Playwright reads the names of what a fixture needs from this pattern; it needs nothing.
  stage: async ({}, use) => {
    // What stands before the server says where people are.
    const stage = await Server.start({ JOTWARD_TRUSTED_PROXIES: "127.0.0.1" });
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

test("the lab, after a theft", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  await enterLab(page, ALICE);
  await playScene(page, "Theft: victim first");
  await page.getByTestId("wires").scrollIntoViewIfNeeded();
  await picture(page, "lab");
});

test("the outstanding tokens, wide and light, narrow and dark", async ({ page }) => {
  const server = await Server.start({ JOTWARD_KEEP_EXPIRED: "400d" });
  try {
    server.command(["demo-data", "--sessions", "2000"]);
    server.addUser(ADMIN.name, ADMIN.password, "--superuser");
    await page.goto(`${server.url}/admin/outstanding/?type=refresh`);
    await enterCredentials(page, ADMIN);
    await expect(page.getByRole("heading", { name: "Outstanding tokens" })).toBeVisible();
    await picture(page, "outstanding");

    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`${server.url}/admin/outstanding/?status=live`);
    await picture(page, "outstanding-phone-dark");
  } finally {
    await server.end();
  }
});

test("a session that was stolen, wide and light, narrow and dark", async ({ page, stage }) => {
  const sid = await theft(stage);
  await signInToAdmin(page, ADMIN);
  await page.goto(`/admin/sessions/${sid}/`);
  await expect(page.getByText(/came back from another device/).first()).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 1800 });
  await picture(page, "session");

  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`/admin/sessions/${sid}/#family`);
  await picture(page, "session-phone-dark");
});

/** A session that is refreshed at home and on the way, answers once again, and ends when a copy comes back. */
async function theft(server: Server): Promise<string> {
  const home = { ip: "203.0.113.7", agent: FIREFOX };
  const train = { ...home, ip: "198.51.100.23" };
  const thief = { ip: "192.0.2.66", agent: "curl/8.5.0" };
  const opened = await ask(server, "", { username: ALICE.name, password: ALICE.password }, home);
  let tokens = opened;
  for (let renewal = 0; renewal < 3; renewal += 1) {
    const next = await ask(server, "refresh/", { refresh: tokens.refresh }, home);
    if (renewal === 1) await ask(server, "refresh/", { refresh: tokens.refresh }, home);
    tokens = next;
  }
  const moved = await ask(server, "refresh/", { refresh: tokens.refresh }, train);
  await ask(server, "refresh/", { refresh: tokens.refresh }, thief);
  return String(claims(moved.access).sid);
}

/** Asks a token endpoint from an address, as a program. */
async function ask(server: Server, path: string, body: object, from: { ip: string; agent: string }): Promise<Tokens> {
  const headers = { "content-type": "application/json", "user-agent": from.agent, "x-forwarded-for": from.ip };
  const answer = await fetch(`${server.url}/api/token/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return (await answer.json()) as Tokens;
}

async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled", caret: "hide" });
}
