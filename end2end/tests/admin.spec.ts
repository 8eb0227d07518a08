// The admin. It is made for browsers without scripts, so it is tried in one.

import type { Page } from "@playwright/test";
import { apiToken, askForUsers, askWithApiToken, claims, openSession, presentRefresh, renew } from "./api.ts";
import { ADMIN, expect, test, USER } from "./fixtures.ts";
import type { Person } from "./people.ts";
import type { Server } from "./server.ts";
import {
  confirm,
  endSessionOf,
  enterCredentials,
  goBack,
  openList,
  rows,
  search,
  seesTheOverview,
  signInToAdmin,
  signOut,
  turn,
} from "./staff.ts";

test.use({ javaScriptEnabled: false });

test("members of staff get in, and out", async ({ page }) => {
  await signInToAdmin(page, ADMIN);
  await expect(page.getByText(`Signed in as ${ADMIN.name}`)).toBeVisible();
  await expect(page).toHaveURL("/admin/outstanding/");

  await signOut(page);
  await expect(page.getByRole("status")).toHaveText("You are signed out.");
  await page.goto("/admin/blacklisted/");
  await expect(page).toHaveURL("/admin/login/?next=%2Fadmin%2Fblacklisted%2F");
});

test("a login leads to the page that was asked for", async ({ page }) => {
  await page.goto(`/admin/blacklisted/?q=${USER.name}`);
  await enterCredentials(page, ADMIN);
  await expect(page).toHaveURL(`/admin/blacklisted/?q=${USER.name}`);
});

for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
  test(`a login does not lead out of the admin to ${next}`, async ({ page }) => {
    await page.goto(`/admin/login/?next=${encodeURIComponent(next)}`);
    await enterCredentials(page, ADMIN);
    await expect(page).toHaveURL("/admin/");
  });
}

const STRANGERS = [
  { who: "with a wrong password", person: { ...ADMIN, password: "not it" } },
  { who: "who is not staff", person: USER },
  { who: "nobody knows", person: { name: "nobody", password: "at all" } },
];

for (const { who, person } of STRANGERS) {
  test(`somebody ${who} does not get in, and is not told why`, async ({ page }) => {
    await page.goto("/admin/");
    await enterCredentials(page, person);

    await expect(page.getByRole("alert")).toHaveText("That is not the username and password of a member of staff.");
    await expect(page.getByLabel("Username")).toHaveValue(person.name);
    await expect(page.getByLabel("Password")).toHaveValue("");
    await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/not the username and password/);

    await enterCredentials(page, ADMIN);
    await seesTheOverview(page);
  });
}

test("a new login is on top of the list, and is found by username and by jti", async ({ page, server }) => {
  const eva = newcomer(server, "eva");
  const { access, refresh } = await openSession(server, eva);
  await signInToAdmin(page, ADMIN);

  await search(page, eva.name);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).getByRole("rowheader")).toHaveText([eva.name, eva.name]);
  await expect(rows(page).getByText(/^(access|refresh)$/)).toHaveText(["access", "refresh"]);
  await expect(rows(page).getByText("live")).toHaveCount(2);

  for (const token of [access, refresh]) {
    const jti = String(claims(token).jti);
    await search(page, jti);
    await expect(rows(page)).toHaveCount(1);
    await expect(rows(page).getByTitle(jti)).toHaveText(`…${jti.slice(-8)}`);
  }

  await search(page, "nobody of this name");
  await expect(page.getByText("Nothing matches “nobody of this name”.")).toBeVisible();
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(rows(page)).not.toHaveCount(0);
});

test("an access token is blacklisted alone, after a reason is given", async ({ page, server }) => {
  const ivo = newcomer(server, "ivo");
  const tokens = await openSession(server, ivo);
  const jti = String(claims(tokens.access).jti);
  await signInToAdmin(page, ADMIN);
  await search(page, jti);
  await page.getByRole("link", { name: `Blacklist token ${jti}` }).click();
  await expect(page.getByRole("heading", { name: "Blacklist this token?" })).toBeVisible();

  // The browser itself asks for a reason; what is only blank gets past it, to the server.
  const reason = page.getByLabel("Reason");
  await page.getByRole("button", { name: "Blacklist the token" }).click();
  await expect(reason).toBeFocused();
  await expect(reason).toHaveAccessibleDescription(/^In your words/);
  await confirm(page, "Blacklist the token", "   ");
  await expect(reason).toHaveAccessibleDescription(/^Say why/);
  expect((await askForUsers(server, tokens.access)).status).toBe(200);

  await confirm(page, "Blacklist the token", "pasted into a chat");
  await expect(page.getByRole("status")).toHaveText("The token is blacklisted.");
  await goBack(page);
  await expect(page).toHaveURL(`/admin/outstanding/?q=${jti}`);
  expect((await askForUsers(server, tokens.access)).status).toBe(401);

  // Its session goes on: the refresh token still gives another one.
  const renewed = await renew(server, tokens);
  expect((await askForUsers(server, renewed.access)).status).toBe(200);

  await openList(page, "Blacklisted");
  await search(page, jti);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(`by ${ADMIN.name}`);
  await expect(rows(page)).toContainText("pasted into a chat");
});

test("ending a session kills all its tokens, and stays on record with its reason", async ({ page, server }) => {
  const ole = newcomer(server, "ole");
  const tokens = await renew(server, await openSession(server, ole));
  await signInToAdmin(page, ADMIN);

  await endSessionOf(page, ole.name, "left the company");

  await expect(page).toHaveURL(`/admin/outstanding/?q=${ole.name}`);
  expect((await askForUsers(server, tokens.access)).status).toBe(401);
  const refused = await presentRefresh(server, tokens.refresh);
  expect(refused.status).toBe(401);
  expect(refused.headers.get("jotward-session-ended")).toBe("admin");

  await search(page, ole.name);
  await expect(rows(page).getByText("session ended: by an admin")).toHaveCount(3);
  await expect(rows(page).getByText("rotated", { exact: true })).toHaveCount(1);
  await expect(rows(page).getByRole("link", { name: /^(Blacklist|End)/ })).toHaveCount(0);

  await openList(page, "Blacklisted");
  await search(page, ole.name);
  await expect(rows(page).filter({ hasText: "left the company" })).not.toHaveCount(0);
  await expect(rows(page).filter({ hasText: `by ${ADMIN.name}` })).not.toHaveCount(0);
});

test("a session that is over already can not be ended again", async ({ page, server }) => {
  const pia = newcomer(server, "pia");
  const { access } = await openSession(server, pia);
  const address = `/admin/sessions/${String(claims(access).sid)}/end/`;
  await signInToAdmin(page, ADMIN);
  await page.goto(address);
  await confirm(page, "End the session", "first");

  await page.goto(address);
  await expect(page.getByText("It is over already; there is nothing left to revoke.")).toBeVisible();
  await expect(page.getByText(`by an admin (${ADMIN.name})`)).toBeVisible();
  await expect(page.getByLabel("Reason")).toHaveCount(0);
});

test("the lists are read page by page, back and forth", async ({ page, server }) => {
  const max = newcomer(server, "max");
  let tokens = await openSession(server, max);
  for (let renewal = 0; renewal < 60; renewal += 1) tokens = await renew(server, tokens);
  await signInToAdmin(page, ADMIN);

  await search(page, max.name);
  const outstanding = await leafThrough(page);
  expect(outstanding).toHaveLength(122);
  expect(new Set(outstanding).size).toBe(122);

  await openList(page, "Blacklisted");
  await search(page, max.name);
  const blacklisted = await leafThrough(page);
  expect(new Set(blacklisted).size).toBe(60);
});

test("who ends the session they work in is signed out, and told so", async ({ page, server }) => {
  const rob = newcomer(server, "rob", "--staff");
  await signInToAdmin(page, rob);
  await search(page, rob.name);
  await rows(page).getByRole("link", { name: /^End session/ }).click();
  await expect(page.getByText("This is the session you are working in. You will be signed out.")).toBeVisible();

  await page.getByLabel("Reason").fill("a slip");
  await page.getByRole("button", { name: "End the session" }).click();
  await expect(page.getByRole("alert")).toHaveText("Tick the box: it is the session you are working in.");
  await expect(page.getByLabel("Reason")).toHaveValue("a slip");
  await page.getByLabel("I mean the session I am working in").check();
  await confirm(page, "End the session", "time to go");

  await expect(page.getByRole("status")).toHaveText(/^You ended the session you were working in\./);
  await page.goto("/admin/");
  await expect(page.getByRole("heading", { name: "Sign in to the admin" })).toBeVisible();
});

test("an admin whose session somebody else ended is asked to sign in, and nothing is done", async ({
  browser,
  page,
  server,
}) => {
  const sue = newcomer(server, "sue", "--staff");
  const target = newcomer(server, "target");
  const { access } = await openSession(server, target);
  await signInToAdmin(page, sue);
  await page.goto(`/admin/sessions/${String(claims(access).sid)}/end/`);

  const elsewhere = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const desk = await elsewhere.newPage();
  await signInToAdmin(desk, ADMIN);
  await endSessionOf(desk, sue.name, "wrong hands");
  await elsewhere.close();
  await confirm(page, "End the session", "out of spite");

  await expect(page.getByRole("heading", { name: "Sign in to the admin" })).toBeVisible();
  expect((await askForUsers(server, access)).status).toBe(200);
});

test("a page that is not there says so", async ({ page }) => {
  await signInToAdmin(page, ADMIN);
  for (const path of ["nothing/", "outstanding/1/blacklist/", "sessions/nonsense/end/"]) {
    const answer = await page.goto(`/admin/${path}`);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "Not Found" })).toBeVisible();
  }
});

test("an API token is reset, and is not accepted any more", async ({ page, server }) => {
  const robot = newcomer(server, "robot");
  const key = await apiToken(server, robot);
  expect((await askWithApiToken(server, key)).status).toBe(200);
  await signInToAdmin(page, ADMIN);
  await openList(page, "API tokens");
  await page.getByRole("searchbox").fill(robot.name);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(rows(page)).toHaveCount(1);
  expect(await page.content()).not.toContain(key);

  await page.getByRole("link", { name: `Reset the API token of ${robot.name}` }).click();
  await confirm(page, "Reset the API token", "a laptop was lost");
  await expect(page.getByRole("status")).toHaveText("The API token is reset. It is not accepted any more.");
  expect((await askWithApiToken(server, key)).status).toBe(401);
  expect(await apiToken(server, robot)).not.toBe(key);
});

/** Somebody only this test knows. */
function newcomer(server: Server, name: string, ...options: string[]): Person {
  const person = { name, password: `${name} is here once` };
  server.addUser(person.name, person.password, ...options);
  return person;
}

/** The jti of every row, from the newest page to the oldest; then goes back, and sees the first page again. */
async function leafThrough(page: Page): Promise<string[]> {
  const older = page.getByRole("link", { name: "Next →" });
  const newer = page.getByRole("link", { name: "← Previous" });
  await expect(older).toBeVisible();
  await expect(newer).toHaveCount(0);
  const first = await jtis(page);
  const all = [...first];
  let pages = 1;
  while ((await older.count()) > 0) {
    await turn(page, older);
    all.push(...(await jtis(page)));
    pages += 1;
  }
  for (; pages > 1; pages -= 1) await turn(page, newer);
  await expect(newer).toHaveCount(0);
  expect(await jtis(page)).toEqual(first);
  return all;
}

async function jtis(page: Page): Promise<string[]> {
  const cells = page.locator("tbody td[data-label=jti] span");
  return cells.evaluateAll((spans) => spans.map((span) => span.getAttribute("title") ?? ""));
}
