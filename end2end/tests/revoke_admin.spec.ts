// Revoking in the admin: a device, a user, chosen rows, a filter, everyone. Without scripts, as the admin is made for.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { apiToken, askForUsers, askWithApiToken, claims, openSession, presentRefresh, type Tokens } from "./api.ts";
import { ADMIN, expect, test } from "./fixtures.ts";
import type { Person } from "./people.ts";
import { Server } from "./server.ts";
import { confirm, goBack, rows, signInToAdmin } from "./staff.ts";

test.use({ javaScriptEnabled: false });

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

test("all sessions on a device end, and those elsewhere go on", async ({ page, server }) => {
  const dan = newcomer(server, "dan");
  const lost = await openSession(server, dan, FIREFOX);
  const kept = await openSession(server, dan);
  await signInToAdmin(page, ADMIN);
  await page.goto(`/admin/devices/${await deviceOf(server, lost)}/end-sessions/`);

  await expect(page.getByRole("heading", { name: "End all sessions on this device?" })).toBeVisible();
  await expect(fact(page, "Device")).toHaveText("Firefox on Linux");
  await expect(fact(page, "Sessions")).toHaveText("1 live session");
  await expect(page.getByText("there is no way to take a token off the blacklist")).toBeVisible();
  await confirm(page, "End the sessions", "the laptop was stolen");

  await expect(page.getByRole("status")).toHaveText("1 session of 1 user ended.");
  await expect(fact(page, "Reason")).toHaveText("the laptop was stolen");
  expect((await presentRefresh(server, lost.refresh, FIREFOX)).status).toBe(401);
  expect((await askForUsers(server, kept.access)).status).toBe(200);
});

test("a user is signed out everywhere, and their API token is reset", async ({ page, server }) => {
  const liv = newcomer(server, "liv");
  const first = await openSession(server, liv);
  const all = [first, await openSession(server, liv, FIREFOX)];
  const key = await apiToken(server, liv);
  await signInToAdmin(page, ADMIN);
  await page.goto(`/admin/users/${String(claims(first.access).user_id)}/end-sessions/`);

  await expect(page.getByRole("heading", { name: `End all sessions of ${liv.name}?` })).toBeVisible();
  await expect(fact(page, "Sessions")).toHaveText("2 live sessions");
  await expect(fact(page, "Access tokens")).toHaveText("2 alive");
  await page.getByLabel("Reset the API token, too").check();
  await confirm(page, "End the sessions", "   ");
  await expect(page.getByLabel("Reason")).toHaveAccessibleDescription(/^Say why/);
  await expect(page.getByLabel("Reset the API token, too")).toBeChecked();
  await confirm(page, "End the sessions", "somebody knows her password");

  await expect(page.getByRole("status")).toHaveText("2 sessions of 1 user ended.");
  for (const { access } of all) expect((await askForUsers(server, access)).status).toBe(401);
  expect((await askWithApiToken(server, key)).status).toBe(401);
  await goBack(page);
  await expect(page.getByRole("heading", { name: liv.name, exact: true })).toBeVisible();
});

test("the chosen rows end, and the others go on", async ({ page, server }) => {
  const ron = newcomer(server, "ron");
  const chosen = [await openSession(server, ron), await openSession(server, ron)];
  const kept = await openSession(server, ron);
  await signInToAdmin(page, ADMIN);
  await page.goto(`/admin/sessions/?q=${ron.name}`);
  await expect(rows(page)).toHaveCount(3);

  await page.getByRole("button", { name: "End the chosen sessions" }).click();
  await expect(page.getByText("You chose no session.")).toBeVisible();
  await page.goBack();
  for (const { access } of chosen) await page.locator(`input[value="${String(claims(access).sid)}"]`).check();
  await page.getByRole("button", { name: "End the chosen sessions" }).click();
  await expect(page.getByRole("heading", { name: "End the chosen sessions?" })).toBeVisible();
  await confirm(page, "End the sessions", "not his");

  await expect(page.getByRole("status")).toHaveText("2 sessions of 1 user ended.");
  for (const { access } of chosen) expect((await askForUsers(server, access)).status).toBe(401);
  expect((await askForUsers(server, kept.access)).status).toBe(200);
});

test("all that match end, but not who signed in after the page was shown", async ({ page, server }) => {
  const gus = newcomer(server, "gus");
  const before = await openSession(server, gus);
  // Sessions are told apart by the second they were opened in.
  await nextSecond();
  await signInToAdmin(page, ADMIN);
  await page.goto(`/admin/sessions/?q=${gus.name}`);
  await page.getByRole("link", { name: "End all that match" }).click();
  await expect(page.getByRole("heading", { name: "End all sessions that match?" })).toBeVisible();
  await expect(fact(page, "Sessions")).toHaveText("1 live session");
  await nextSecond();
  const after = await openSession(server, gus);
  await confirm(page, "End the sessions", "a shared password");

  await expect(page.getByRole("status")).toHaveText("1 session of 1 user ended.");
  expect((await askForUsers(server, before.access)).status).toBe(401);
  expect((await askForUsers(server, after.access)).status).toBe(200);
  await goBack(page);
  await expect(page).toHaveURL(`/admin/sessions/?q=${gus.name}`);
});

test("the sessions of the tokens that match end, and are listed by the record of it", async ({ page, server }) => {
  const liv = newcomer(server, "liv-leaked");
  const tokens = [await openSession(server, liv), await openSession(server, liv)];
  await signInToAdmin(page, ADMIN);
  await page.goto(`/admin/outstanding/?q=${liv.name}&type=refresh`);
  await page.getByRole("link", { name: "End the sessions of all that match" }).click();
  await expect(page.getByRole("heading", { name: "End the sessions of all live tokens that match?" })).toBeVisible();
  await expect(fact(page, "Sessions")).toHaveText("2 live sessions");
  await confirm(page, "End the sessions", "pasted into a ticket");

  await expect(page.getByRole("status")).toHaveText("2 sessions of 1 user ended.");
  await expect(fact(page, "Access tokens then")).toHaveText("2 alive");
  for (const { access } of tokens) expect((await askForUsers(server, access)).status).toBe(401);
  await page.getByRole("link", { name: "The sessions it ended" }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).getByRole("rowheader")).toHaveText([liv.name, liv.name]);
});

test("staff who are no superusers do not end everyone's sessions", async ({ page, server }) => {
  const sam = newcomer(server, "sam", "--staff");
  await signInToAdmin(page, sam);
  const answer = await page.goto("/admin/revoke/everyone/");
  expect(answer?.status()).toBe(403);
});

test("everyone's sessions end in batches, the page counts them, and the admin stays", async ({ page }) => {
  test.slow(); // it logs in more often than one transaction ends sessions
  const server = await Server.start();
  try {
    server.addUser(ADMIN.name, ADMIN.password, "--staff", "--superuser");
    const yan = newcomer(server, "yan");
    const first = await openSession(server, yan);
    for (let more = 0; more < 30; more += 1) {
      await Promise.all(Array.from({ length: 20 }, () => openSession(server, yan)));
    }
    const latest = await openSession(server, yan);
    await page.goto(`${server.url}/admin/login/?next=/admin/revoke/everyone/`);
    await page.getByLabel("Username").fill(ADMIN.name);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "End everyone's sessions?" })).toBeVisible();
    await expect(fact(page, "Sessions")).toHaveText("602 live sessions");
    await confirm(page, "End everyone's sessions", "the signing key leaked");

    // The page loads itself again, without a script, until it is done.
    await expect(page.getByRole("status")).toHaveText(/^It goes on: \d+ of 602 sessions ended so far\./);
    expect((await askForUsers(server, first.access)).status).toBe(401);
    expect((await askForUsers(server, latest.access)).status).toBe(401);
    await expect(page.getByRole("status")).toHaveText("602 sessions ended.", { timeout: 30_000 });
    await page.getByRole("link", { name: "Latest revocations" }).click();
    await expect(rows(page).first()).toContainText("everyone's sessions and API tokens");
  } finally {
    await server.end();
  }
});

test("the pages that ask and tell are accessible and fit a phone", async ({ browser, server }) => {
  test.slow(); // axe, which is a script, reads each of them four times
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: true });
  const page = await context.newPage();
  const eli = newcomer(server, "eli");
  const tokens = await openSession(server, eli, FIREFOX);
  await apiToken(server, eli);
  await signInToAdmin(page, ADMIN);
  for (const path of [
    `/admin/users/${String(claims(tokens.access).user_id)}/end-sessions/`,
    `/admin/revoke/?q=${eli.name}&status=live&type=client`,
    `/admin/revoke/tokens/?q=${eli.name}&type=refresh`,
    `/admin/revoke/?chosen=yes&id=${String(claims(tokens.access).sid)}`,
    `/admin/devices/${await deviceOf(server, tokens)}/end-sessions/`,
    `/admin/sessions/${String(claims(tokens.access).sid)}/end/`,
    "/admin/revoke/everyone/",
  ]) {
    await page.goto(path);
    await accessible(page);
  }
  await page.goto(`/admin/sessions/${String(claims(tokens.access).sid)}/end/`);
  await confirm(page, "End the session", "a reason");
  await expect(page.getByRole("status")).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Latest revocations" }).click();
  await accessible(page);
  await context.close();
});

/** Somebody only this test knows. */
function newcomer(server: Server, name: string, ...options: string[]): Person {
  const person = { name, password: `${name} is here once` };
  server.addUser(person.name, person.password, ...options);
  return person;
}

/** The device of a session, as its user sees it. */
async function deviceOf(server: Server, tokens: Tokens): Promise<string> {
  const answer = await fetch(`${server.url}/api/sessions/`, { headers: { authorization: `Bearer ${tokens.access}` } });
  const { sessions } = (await answer.json()) as { sessions: { id: string; device: { id: string } }[] };
  const own = sessions.find(({ id }) => id === String(claims(tokens.access).sid));
  return own?.device.id ?? "";
}

/** The value of a fact by its name. */
function fact(page: Page, name: string) {
  return page.locator("dt", { hasText: new RegExp(`^${name}$`) }).locator("xpath=following-sibling::dd[1]");
}

/** Waits for the clock's next second. */
async function nextSecond(): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(now);
}

/** No objection from axe, and no scrolling sideways, wide and narrow, light and dark. */
async function accessible(page: Page): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations, incomplete } = await new AxeBuilder({ page }).analyze();
      const nodes = [...violations, ...incomplete].flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`));
      expect(nodes, `${colorScheme}, ${width} px`).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
