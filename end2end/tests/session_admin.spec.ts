// One session, and one token, as staff look at them who have their user on the phone. Made for browsers without scripts.

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { apiToken, askForUsers, claims, openSession, presentRefresh, renew } from "./api.ts";
import { ADMIN, expect, test } from "./fixtures.ts";
import type { Person } from "./people.ts";
import type { Server } from "./server.ts";
import { confirm, signInToAdmin } from "./staff.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

test.use({ javaScriptEnabled: false });

test("a session says what works, and is ended from its page", async ({ page, server }) => {
  const una = newcomer(server, "una");
  const tokens = await openSession(server, una, FIREFOX);
  await signInToAdmin(page, ADMIN);
  await page.goto(pageOf(tokens.access));

  await expect(page.getByRole("heading", { name: "Session of una" })).toBeVisible();
  await expect(page.getByText(/^This session is live: 1 refresh token and 1 access token work/)).toBeVisible();
  await expect(page.getByText("Firefox 140 on Linux · desktop")).toBeVisible();
  const works = page.getByRole("table", { name: "Tokens that can be used now, newest first" });
  await expect(works.getByRole("rowheader")).toHaveText(["access", "refresh"]);
  await expect(page.getByText("This is the session you are working in.")).toHaveCount(0);

  await page.getByRole("link", { name: "End this session" }).click();
  await confirm(page, "End the session", "una does not know this laptop");
  await expect(page.getByRole("status")).toHaveText(/^The session has ended/);
  expect((await askForUsers(server, tokens.access)).status).toBe(401);
  await page.goto(pageOf(tokens.access));
  await expect(page.getByText(/^Ended .* because grace ended it\. Nothing of it works any more\.$/)).toBeVisible();
  await expect(page.getByText("una does not know this laptop").first()).toBeVisible();
  await expect(page.getByRole("link", { name: "End this session" })).toHaveCount(0);
});

test("a theft is seen where it happened", async ({ page, server }) => {
  const tokens = await stolen(server, newcomer(server, "vicky"));
  await signInToAdmin(page, ADMIN);
  await page.goto(pageOf(tokens.access));

  await expect(page.getByText(/because a spent refresh token came back from another device/)).toBeVisible();
  const family = page.getByRole("region", { name: "Family" });
  const spent = family.getByRole("listitem").filter({ hasText: "Generation 1" });
  await expect(spent).toContainText("rotated");
  await expect(spent).toContainText("came back");
  await expect(family.getByText("answered again", { exact: true })).toHaveCount(1);
  const history = page.getByRole("region", { name: "Timeline, latest first" });
  await expect(history.getByRole("listitem").first()).toContainText("Ended: token used twice");
  await expect(history.getByRole("listitem").last()).toContainText("Opened by a login");
  await expect(history).toContainText("curl 8");
});

test("an access token is blacklisted from the page of its session", async ({ page, server }) => {
  const tokens = await openSession(server, newcomer(server, "wim"));
  const jti = String(claims(tokens.access).jti);
  await signInToAdmin(page, ADMIN);
  await page.goto(pageOf(tokens.access));
  await page.getByRole("link", { name: `Blacklist token ${jti}` }).click();
  await confirm(page, "Blacklist the token", "seen in a log");
  await expect(page.getByRole("status")).toHaveText("The token is blacklisted.");
  expect((await askForUsers(server, tokens.access)).status).toBe(401);

  await page.goto(pageOf(tokens.access));
  await expect(page.getByText(/^This session is live: 1 refresh token works/)).toBeVisible();
  await expect(page.getByText("blacklisted by grace", { exact: true })).toBeVisible();
});

test("a page follows its session, without a script, until that is over", async ({ page, server }) => {
  const tokens = await openSession(server, newcomer(server, "xia"));
  await signInToAdmin(page, ADMIN);
  await page.goto(pageOf(tokens.access));
  await page.getByRole("link", { name: "Follow live" }).click();
  await expect(page.getByText("This page asks for itself again every 5 seconds.")).toBeVisible();
  const renewed = await renew(server, tokens);
  await expect(page.getByText("Generation 1", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: "Stop following" }).click();
  await expect(page.getByRole("link", { name: "Follow live" })).toBeVisible();
  await page.getByRole("link", { name: "Follow live" }).click();
  await expect(page.getByRole("link", { name: "Stop following" })).toBeVisible();
  await presentRefresh(server, tokens.refresh, "curl/8.5.0");
  await expect(page.getByText(/^Ended .* from another device/)).toBeVisible();
  await expect(page.getByText(/does not reload itself any more/)).toBeVisible();
  expect((await askForUsers(server, renewed.access)).status).toBe(401);
});

test("who looks at their own session is told so", async ({ page, context }) => {
  await signInToAdmin(page, ADMIN);
  const cookies = await context.cookies();
  const token = cookies.find(({ name }) => name.endsWith("jotward-admin"))?.value ?? "";
  await page.goto(pageOf(token));
  await expect(page.getByText("This is the session you are working in.")).toBeVisible();
});

test("a token is explained, and is not shown", async ({ page, server }) => {
  const yara = newcomer(server, "yara");
  const { access, refresh } = await openSession(server, yara);
  await signInToAdmin(page, ADMIN);
  await page.getByRole("link", { name: "Explain a token" }).click();
  await explain(page, `Bearer ${access}`);
  await expect(page).toHaveURL("/admin/explain/");
  await expect(page.getByRole("status")).toHaveText("This access token of yara holds. It expires in 5 min.");
  await expect(page.getByLabel("Token")).toHaveValue("");
  expect(await page.content()).not.toContain(access.split(".")[2]);

  await page.getByRole("link", { name: String(claims(access).sid) }).click();
  await expect(page.getByRole("heading", { name: "Session of yara" })).toBeVisible();

  await renew(server, { access, refresh });
  await page.goto("/admin/explain/");
  await explain(page, refresh);
  await expect(page.getByRole("status")).toContainText("but a refresh spent it");
  await expect(page.getByRole("row", { name: /token\/refresh/ })).toContainText("the same successor is answered again");

  await explain(page, access.replace(/.{8}$/, "AAAAAAAA"));
  await expect(page.getByRole("status")).toContainText("no key known here made its signature");
  await expect(page.getByText("but it is another one: the SHA-256 differs.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "fails here" })).toHaveCount(1);

  await explain(page, await apiToken(server, yara));
  await expect(page.getByRole("status")).toContainText("This is an API token of yara");

  await explain(page, "what is this");
  await expect(page.getByLabel("Token")).toHaveAccessibleDescription(/^This is no token\./);
});

test("both pages fit a phone, and axe finds nothing, light and dark", async ({ browser, server }) => {
  test.slow(); // axe reads it eight times
  const live = await openSession(server, newcomer(server, "zoe-lives"), FIREFOX);
  const over = await stolen(server, newcomer(server, "zed-over"));
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await phone(browser, server, colorScheme);
    await signInToAdmin(page, ADMIN);
    for (const token of [live.access, over.access]) {
      await page.goto(pageOf(token));
      expect(await objections(page)).toEqual([]);
      await page.goto("/admin/explain/");
      await explain(page, token);
      await expect(page.getByRole("status")).toBeVisible();
      expect(await objections(page)).toEqual([]);
    }
    await page.context().close();
  }
});

function newcomer(server: Server, name: string): Person {
  const person = { name, password: `${name} is here once` };
  server.addUser(person.name, person.password);
  return person;
}

function pageOf(token: string): string {
  return `/admin/sessions/${String(claims(token).sid)}/`;
}

async function explain(page: Page, token: string): Promise<void> {
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Explain" }).click();
}

/** A session with an answer given twice, ended by a copy of a spent token. */
async function stolen(server: Server, person: Person): Promise<{ access: string; refresh: string }> {
  const first = await openSession(server, person, FIREFOX);
  const answer = await presentRefresh(server, first.refresh, FIREFOX);
  const second = (await answer.json()) as { access: string; refresh: string };
  await presentRefresh(server, first.refresh, FIREFOX);
  const third = await presentRefresh(server, second.refresh, FIREFOX);
  expect(third.status).toBe(200);
  expect((await presentRefresh(server, second.refresh, "curl/8.5.0")).status).toBe(401);
  return second;
}

async function phone(browser: Browser, server: Server, colorScheme: "light" | "dark"): Promise<Page> {
  // axe needs scripts in the page; the page itself has none.
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ baseURL: server.url, viewport, colorScheme, javaScriptEnabled: true });
  return context.newPage();
}

/** What axe objects to, and how far the page is wider than the phone. */
async function objections(page: Page): Promise<string[]> {
  const { violations, incomplete } = await new AxeBuilder({ page }).analyze();
  const found = [...violations, ...incomplete].map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return wide > 0 ? [...found, `${wide} px too wide`] : found;
}
