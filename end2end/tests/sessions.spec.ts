// The page of one's own sessions: what was noticed, where one is signed in, and signing out of it, here and elsewhere.

import type { Locator, Page } from "@playwright/test";
import { askForUsers, claims, openSession, presentRefresh, renew, type Tokens } from "./api.ts";
import { expect, test } from "./fixtures.ts";
import { expectNoBarriers, looksRight } from "./looks.ts";
import { enterCredentials, type Person, trouble, UNREACHABLE } from "./people.ts";
import type { Server } from "./server.ts";
import { type Stored, storedSession } from "./storage.ts";
import { complaints, REFRESH, requests } from "./wire.ts";

const SESSIONS = "/api/sessions/";
const CURL = "curl/8.5.0";

test("a page for who is signed in leads to the login and back, and marks this device first", async ({ page, server }) => {
  const ida = person(server, "ida");
  await openSession(server, ida, CURL);
  await page.goto("/sessions");
  await expect(page).toHaveURL("/login?next=/sessions");
  await enterCredentials(page, ida);
  await expect(page).toHaveURL("/sessions");

  await expect(sessions(page)).toHaveCount(2);
  const own = sessions(page).first();
  await expect(own.getByText("This device")).toBeVisible();
  await expect(page.getByText("This device", { exact: true })).toHaveCount(1);
  await expect(own.getByRole("heading")).toHaveText(/^(Headless )?Chrom(e|ium) \d+ on Windows$/);
  await expect(sessions(page).nth(1).getByRole("heading")).toHaveText("curl 8");
  for (const [fact, says] of [
    ["Signed in", /^(now|\d+ s ago)$/],
    ["Last active", /^(now|\d+ s ago)$/],
    ["Address", /^127\.0\.0\.1$/],
    ["Expires", /^in (1 d|24 h) if not used, in 30 d at the latest$/],
  ] as const) {
    await expect(own.locator("dt", { hasText: fact }).locator("+ dd")).toHaveText(says);
  }
  await expect(page.getByRole("navigation").getByRole("link", { name: "Sessions" })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

test("a second login appears, is signed out from here, and is refused from then on", async ({ page, server }) => {
  const liv = person(server, "liv");
  await openSessions(page, liv);
  await expect(sessions(page)).toHaveCount(1);
  await expect(noticed(page)).toContainText("Nothing unusual in the last 30 days.");

  const other = await openSession(server, liv, CURL);
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(sessions(page)).toHaveCount(2);
  await expect(noticed(page).getByRole("listitem")).toHaveText(
    /^A new device signed in: curl 8\.(now|\d+ s ago), from 127\.0\.0\.1 \(curl 8\)$/,
  );
  expect((await askForUsers(server, other.access)).status).toBe(200);

  await page.getByRole("button", { name: "Sign out curl 8" }).click();
  const question = page.getByRole("dialog", { name: "Sign out curl 8?" });
  const password = question.getByLabel("Password");
  await expect(password).toBeFocused();
  await password.fill("not it");
  await page.keyboard.press("Enter");
  await expect(password).toHaveAccessibleDescription("This is not your password.");
  await expect(password).toBeFocused();
  expect((await askForUsers(server, other.access)).status).toBe(200);
  await password.fill(liv.password);
  await question.getByRole("button", { name: "Sign it out" }).click();

  await expect(question).toBeHidden();
  await expect(page.getByText("curl 8 is signed out.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Where you are signed in" })).toBeFocused();
  await expect(sessions(page)).toHaveCount(1);
  expect((await askForUsers(server, other.access)).status).toBe(401);
  expect((await presentRefresh(server, other.refresh)).headers.get("jotward-session-ended")).toBe("logout");
});

test("what the lab did is told once, with how often, and its sessions are marked", async ({ page, server }) => {
  const kai = person(server, "kai");
  await openSessions(page, kai);
  for (const client of ["The lab", "The lab", "The lab", ""]) {
    const first = await openSession(server, kai, CURL, client);
    const next = (await (await presentRefresh(server, first.refresh, CURL)).json()) as Tokens;
    await presentRefresh(server, next.refresh, CURL);
    expect((await presentRefresh(server, first.refresh, CURL)).status).toBe(401);
  }
  await openSession(server, kai, CURL, "The lab");
  await page.getByRole("button", { name: "Reload" }).click();

  const told = noticed(page).getByRole("listitem");
  await expect(told).toHaveCount(3); // and that curl is a new device, whatever it calls itself
  const alarms = told.filter({ hasText: /somebody may have a copy of it\./i });
  await expect(alarms.filter({ hasText: "If you did not play that in the lab" })).toContainText(
    /3 times, last .+, from 127\.0\.0\.1 \(curl\/8\.5\.0\), calls itself “The lab”$/,
  );
  await expect(alarms.filter({ hasNotText: "calls itself" })).not.toContainText("times");
  await expect(sessions(page)).toHaveCount(2);
  await expect(sessions(page).first()).not.toContainText("The lab");
  await expect(sessions(page).nth(1)).toContainText("calls itself “The lab”");
  await looksRight(page);
});

test("a session that was over already is signed out all the same", async ({ page, server }) => {
  const una = person(server, "una");
  const other = await openSession(server, una, CURL);
  await openSessions(page, una);
  await expect(sessions(page)).toHaveCount(2);
  server.command(["session", "end", String(claims(other.access).sid)]);

  await signsOut(page, "curl 8", una);

  await expect(page.getByText("curl 8 is signed out.")).toBeVisible();
  await expect(trouble(page)).toHaveText("");
});

test("signing out this device leads to the login, and its tokens are dead", async ({ page, server }) => {
  const max = person(server, "max");
  await openSessions(page, max);
  const stored = await storedSession(page);

  await sessions(page).first().getByRole("button", { name: /^Sign out/ }).click();

  await expect(page).toHaveURL("/login?reason=logout");
  expect(await storedSession(page)).toBeUndefined();
  expect((await askForUsers(server, stored?.access ?? "")).status).toBe(401);
  expect((await presentRefresh(server, stored?.refresh ?? "")).status).toBe(401);
});

test("signing out everywhere else takes the right password", async ({ page, server }) => {
  const eve = person(server, "eve");
  const other = await openSession(server, eve, CURL);
  await openSessions(page, eve);
  await expect(sessions(page)).toHaveCount(2);
  const open = page.getByRole("button", { name: "Sign out everywhere else" });
  const question = page.getByRole("dialog", { name: "Sign out everywhere else?" });
  const password = question.getByLabel("Password");
  const send = question.getByRole("button", { name: "Sign out everywhere else" });

  await open.click();
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(open).toBeFocused();
  await open.click();
  await send.click();
  await expect(password).toHaveAccessibleDescription("Please enter your password.");
  await expect(password).toBeFocused();

  await password.fill("not it");
  await send.click();
  await expect(password).toHaveAccessibleDescription("This is not your password.");
  await expect(password).toBeFocused();
  expect((await askForUsers(server, other.access)).status).toBe(200);

  await password.fill(eve.password);
  await send.click();
  await expect(page.getByText("You are signed out in 1 other place.")).toBeVisible();
  await expect(question).toBeHidden();
  await expect(page.locator("#password")).toHaveValue("");
  await expect(sessions(page)).toHaveCount(1);
  expect((await askForUsers(server, other.access)).status).toBe(401);
  await page.reload();
  await expect(sessions(page)).toHaveCount(1);
});

test("signing out everywhere signs out here, too", async ({ page, server }) => {
  const lou = person(server, "lou");
  const other = await openSession(server, lou, CURL);
  await openSessions(page, lou);
  await page.getByRole("button", { name: "Sign out everywhere", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Sign out everywhere?" });
  await question.getByLabel("Password").fill(lou.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/login?reason=logout");
  expect((await askForUsers(server, other.access)).status).toBe(401);
  expect(await storedSession(page)).toBeUndefined();
});

test("a device is called what its owner calls it, and says what it is", async ({ page, server }) => {
  const jan = person(server, "jan");
  await openSession(server, jan, CURL);
  await openSessions(page, jan);
  const rename = page.getByRole("button", { name: "Name curl 8" });
  await rename.click();
  const question = page.getByRole("dialog", { name: "Name this device" });
  await expect(question.getByLabel("Name")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(rename).toBeFocused();
  await rename.click();
  await question.getByLabel("Name").fill("  Backup <script> ");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The name is kept.")).toBeVisible();
  await page.reload();
  const other = sessions(page).nth(1);
  await expect(other.getByRole("heading")).toHaveText("Backup <script>");
  await expect(other.locator("dt", { hasText: "Browser and system" }).locator("+ dd")).toHaveText("curl 8");

  await page.getByRole("button", { name: "Name Backup <script>" }).click();
  await expect(question.getByLabel("Name")).toHaveValue("Backup <script>");
  await question.getByLabel("Name").fill("");
  await page.keyboard.press("Enter");
  await expect(other.getByRole("heading")).toHaveText("curl 8");
});

test("an old token that comes back from another program is told", async ({ page, server }) => {
  const ned = person(server, "ned");
  const first = await openSession(server, ned);
  await renew(server, first);
  expect((await presentRefresh(server, first.refresh, CURL)).status).toBe(401);

  await openSessions(page, ned);

  const reuse = noticed(page).getByRole("listitem").filter({ hasText: "an old token of it was used twice" });
  await expect(reuse).toContainText("A device was signed out");
  await expect(reuse).toContainText(`from 127.0.0.1 (${CURL})`);
  await expect(sessions(page)).toHaveCount(1);
});

test("an access token that is not accepted any more is renewed once, and nobody notices", async ({ page, server }) => {
  const uma = person(server, "uma");
  await openSessions(page, uma);
  const { access } = (await storedSession(page)) as Stored;
  await blacklistAccess(server, access);
  const refreshes = requests(page, REFRESH);

  await page.reload();

  await expect(sessions(page)).toHaveCount(1);
  await expect(trouble(page).first()).toHaveText("");
  expect(refreshes).toHaveLength(1);
});

test("reading the list is tried again, signing out is not", async ({ page, server }) => {
  const kit = person(server, "kit");
  await openSessions(page, kit);
  await page.route(`**${SESSIONS}`, (route) => route.abort(), { times: 1 });
  const lists = requests(page, SESSIONS);
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(page.getByText(UNREACHABLE)).toBeVisible();
  await expect(page.getByText(UNREACHABLE)).toBeHidden();
  expect(lists).toHaveLength(2);

  await openSession(server, kit, CURL);
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(sessions(page)).toHaveCount(2);
  await page.route(`**${SESSIONS}*/`, (route) => route.fulfill({ status: 503, headers: { "retry-after": "7" } }));
  const ends = requests(page, `${SESSIONS}end/`);
  await signsOut(page, "curl 8", kit);
  await expect(page.getByRole("dialog").getByLabel("Password")).toHaveAccessibleDescription(
    "The server has a problem just now. Please try again in 7 seconds.",
  );
  expect(ends).toHaveLength(1);
  await expect(sessions(page)).toHaveCount(2);
});

test("everything on the page is reached by keyboard", async ({ page, server }) => {
  const kay = person(server, "kay");
  await openSession(server, kay, CURL);
  await openSessions(page, kay);
  await expect(sessions(page)).toHaveCount(2);

  await page.getByRole("main").focus();
  const stops = [
    page.getByRole("button", { name: "Reload" }),
    sessions(page).first().getByRole("button", { name: /^Name/ }),
    sessions(page).first().getByRole("button", { name: /^Sign out/ }),
    page.getByRole("button", { name: "Name curl 8" }),
    page.getByRole("button", { name: "Sign out curl 8" }),
  ];
  for (const stop of stops) {
    await page.keyboard.press("Tab");
    await expect(stop).toBeFocused();
  }
  await page.keyboard.press("Enter");
  await page.keyboard.type(kay.password);
  await page.keyboard.press("Enter");
  await expect(page.getByText("curl 8 is signed out.")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(stops[0] as Locator).toBeFocused();
});

test("with notices and several sessions it is accessible and fits every screen", async ({ page, server }) => {
  test.slow(); // axe reads it four times
  const heard = await complaints(page);
  const amy = person(server, "amy");
  const first = await openSession(server, amy);
  await renew(server, first);
  await presentRefresh(server, first.refresh, CURL);
  await openSession(server, amy, CURL);
  await openSessions(page, amy);
  await expect(sessions(page)).toHaveCount(2);
  await expect(noticed(page).getByRole("listitem")).not.toHaveCount(0);

  await looksRight(page);
  await page.getByRole("button", { name: "Sign out curl 8" }).click();
  await expectNoBarriers(page);
  expect(heard).toEqual([]);
});

test("without scripts it is a whole page that says what it needs", async ({ browser, server }) => {
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/sessions");
  await expect(page.getByRole("heading", { name: "My sessions" })).toBeVisible();
  await expect(page.locator("noscript .notice")).toBeVisible();
  await expect(page.getByRole("contentinfo")).toBeVisible();
  await expect(page.locator("leptos-island")).toBeHidden();
  await context.close();
});

/** Somebody whose sessions no other test counts; files share a server, so the name says whose this is. */
function person(server: Server, name: string): Person {
  const who = { name: `${name}-of-sessions`, password: `${name} looks after sessions` };
  server.addUser(who.name, who.password);
  return who;
}

/** Ends one access token, and nothing else. */
async function blacklistAccess(server: Server, access: string): Promise<void> {
  const answer = await fetch(`${server.url}/api/token/expire/`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${access}` },
    body: JSON.stringify({ token: access, affect_tree: false }),
  });
  expect(answer.status).toBe(200);
}

/** Signs in, and arrives at the page of sessions. */
async function openSessions(page: Page, who: Person): Promise<void> {
  await page.goto("/login?next=/sessions");
  await enterCredentials(page, who);
  await expect(page).toHaveURL("/sessions");
  await expect(sessions(page)).not.toHaveCount(0);
}

/** Presses the button that signs a device out, and gives the password. */
async function signsOut(page: Page, device: string, who: Person): Promise<void> {
  await page.getByRole("button", { name: `Sign out ${device}` }).click();
  await page.getByRole("dialog").getByLabel("Password").fill(who.password);
  await page.keyboard.press("Enter");
}

/** The sessions that are alive. */
function sessions(page: Page): Locator {
  return page.getByRole("list", { name: "Where you are signed in" }).getByRole("listitem");
}

/** What was noticed. */
function noticed(page: Page): Locator {
  return page.getByRole("region", { name: "What was noticed" });
}
