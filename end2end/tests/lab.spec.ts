// The lab: each scene is played against the real server. What is asserted is what the server answered, as the browser saw
// it go over the wire, and what the page says of it.

import type { Locator, Page, Response } from "@playwright/test";
import { askForUsers, claims, presentRefresh, type Tokens } from "./api.ts";
import { expect, test } from "./fixtures.ts";
import { chooseLife, chooseScene, enterLab, fillEntrance, playScene } from "./learner.ts";
import { Server } from "./server.ts";
import { complaints } from "./wire.ts";

const LEARNER = { name: "leonie", password: "leonie learns by looking" };

test.beforeAll(({ server }) => server.addUser(LEARNER.name, LEARNER.password));

test.beforeEach(() => test.slow()); // access tokens have to run out, which takes their time

/** An answer of the API to something the scene did. */
interface Seen {
  path: string;
  status: number;
  ended: string | undefined;
  sent: Record<string, unknown>;
  body: Partial<Tokens> & { detail?: string };
}

test("expiry: who looks at the clock is ahead; who does not is refused, refreshes and calls again", async ({ page }) => {
  const seen = await played(page, "Expiry");
  expect(lines(seen)).toEqual([
    "/api/token/ 200",
    "/api/users/ 200",
    "/api/token/refresh/ 200",
    "/api/users/ 200",
    "/api/users/ 401",
    "/api/token/refresh/ 200",
    "/api/users/ 200",
  ]);
  await everythingHeld(page);
  const access = seen[0]?.body.access ?? "";
  expect(Number(claims(access).exp) - Number(claims(access).iat)).toBe(5);
});

test("ten calls at once share one refresh, whether they are ahead of the end or refused", async ({ page }) => {
  const seen = await played(page, "Ten calls at once");
  expect(of(seen, "/api/token/refresh/").map(({ status }) => status)).toEqual([200, 200]);
  const statuses = of(seen, "/api/users/").map(({ status }) => status);
  expect(statuses).toEqual([...Array(10).fill(200), ...Array(10).fill(401), ...Array(10).fill(200)]);
  await everythingHeld(page);
});

test("two tabs: one refresh with the lock, and the same successor without", async ({ page }) => {
  const seen = await played(page, "Two tabs");
  const refreshes = of(seen, "/api/token/refresh/");
  expect(refreshes.map(({ status }) => status)).toEqual([200, 200, 200]);
  const [, second, third] = refreshes;
  expect(second?.sent.refresh).toBe(third?.sent.refresh);
  expect(second?.body.refresh).toBe(third?.body.refresh);
  await everythingHeld(page);
  await expect(page.getByText(/handed out again: 1/)).toBeVisible();
});

test("a lost answer is given again, letter by letter", async ({ page }) => {
  const seen = await played(page, "The lost answer");
  const [lost, again] = of(seen, "/api/token/refresh/");
  expect([lost?.status, again?.status]).toEqual([200, 200]);
  expect(again?.body.refresh).toBe(lost?.body.refresh);
  await everythingHeld(page);
  await expect(wires(page).getByText(/lost on the way/).first()).toBeVisible();
});

test("theft, victim first: the copy ends the family in sight, for both", async ({ page, server }) => {
  const seen = await played(page, "Theft: victim first", "a minute");
  const refreshes = of(seen, "/api/token/refresh/");
  expect(refreshes.map(({ status, ended }) => [status, ended])).toEqual([
    [200, undefined],
    [200, undefined],
    [401, "reuse"],
    [401, "reuse"],
  ]);
  await everythingHeld(page);
  await familyIsDead(page);
  const victim = refreshes[1]?.body as Tokens;
  expect((await askForUsers(server, victim.access)).status).toBe(401);
  expect((await presentRefresh(server, victim.refresh)).status).toBe(401);
});

test("theft, thief first: the victim's return ends the family", async ({ page }) => {
  const seen = await played(page, "Theft: thief first", "a minute");
  const refreshes = of(seen, "/api/token/refresh/");
  expect(refreshes.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
  expect(refreshes.at(-1)?.ended).toBe("reuse");
  await everythingHeld(page);
  await familyIsDead(page);
});

test("theft like a second tab: one session all the same, and its end", async ({ page }) => {
  const seen = await played(page, "Theft: like a second tab", "a minute");
  const [honest, thief, ...rest] = of(seen, "/api/token/refresh/");
  expect([honest?.status, thief?.status]).toEqual([200, 200]);
  expect(thief?.body.refresh).toBe(honest?.body.refresh);
  expect(rest.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
  await everythingHeld(page);
  await familyIsDead(page);
});

test("signing out: what copies are worth, in both worlds", async ({ page }) => {
  const seen = await played(page, "Signing out", "a minute");
  expect(lines(seen)).toEqual([
    "/api/token/ 200",
    "/api/users/ 200",
    "/api/token/blacklist/ 200",
    "/api/users/ 401",
    "/api/token/refresh/ 401",
  ]);
  expect(seen.at(-1)?.ended).toBe("logout");
  await everythingHeld(page);
  await expect(findings(page).getByText(/would be let in for [1-6]?\d s more/)).toBeVisible();
});

test("forged and misused tokens are refused, each with its real reason", async ({ page }) => {
  const seen = await played(page, "Forged tokens");
  const answers = seen.slice(1).map(({ status }) => status);
  expect(answers).toEqual([401, 401, 401, 401, 401, 401, 401]);
  await everythingHeld(page);
  await expect(findings(page).getByText(/What the server found: \w+/)).toHaveCount(7);
});

test("a wrong clock costs nothing, and a jump costs one refresh", async ({ page }) => {
  const seen = await played(page, "A wrong clock");
  expect(seen.some(({ status }) => status === 401)).toBe(false);
  expect(of(seen, "/api/token/refresh/")).toHaveLength(3);
  await everythingHeld(page);
});

test("out of storage the refresh token is carried away, and used elsewhere", async ({ page }) => {
  const seen = await played(page, "In storage");
  const [login] = of(seen, "/api/token/");
  const [theft] = of(seen, "/api/token/refresh/");
  expect(theft?.status).toBe(200);
  expect(theft?.sent.refresh).toBe(login?.body.refresh);
  expect(theft?.body.refresh).toBeTruthy();
  expect(of(seen, "/api/users/").map(({ status }) => status)).toEqual([200, 200]);
  await everythingHeld(page);
});

test("with a cookie no script sees the refresh token, but it can use it until the person signs out", async ({ page, context }) => {
  const seen = await played(page, "In a cookie");
  const [login] = of(seen, "/api/token/");
  expect(login?.body.access).toBeTruthy();
  expect(login?.body.refresh).toBeUndefined();
  const refreshes = of(seen, "/api/token/refresh/");
  expect(refreshes.map(({ status }) => status)).toEqual([200, 401]);
  const { exp, iat } = claims(refreshes[0]?.body.access ?? "");
  expect(Number(exp) - Number(iat)).toBe(5); // as the learner chose
  await everythingHeld(page);
  expect(await context.cookies()).toEqual([]); // signed out at the end

  await wires(page).getByText("with the cookie").first().click();
  await expect(page.getByLabel("Request", { exact: true })).toContainText("Cookie: (added by the browser");
  await expect(page.getByLabel("Answer", { exact: true })).toContainText("set-cookie: (HttpOnly");
});

test("what a token says of itself and what the registry says are told apart", async ({ page }) => {
  await played(page, "Theft: victim first", "a minute");
  const [victim, thief] = await page.getByTestId("hand").all();
  await expect(victim as Locator).toContainText("Holds no token.");
  await expect(thief as Locator).toContainText(/refresh 0\s*spent \(by its text 24 h left\)/);
  await wires(page).getByText("session ended: reuse").first().click();
  await expect(page.getByLabel("Row", { exact: true })).toContainText(/sessions\n {2}id: [\s\S]*end_reason: reuse/);
  await wires(page).getByText("401 Unauthorized").first().click();
  await expect(page.getByText("jotward-session-ended says why")).toBeVisible();
});

test("the client on the page is one: it refreshes once for ten calls, and signs nobody out for a 503", async ({ page, server }) => {
  await page.goto("/lab");
  const code = await page.locator("#client").textContent();
  const refreshes: number[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith("/api/token/refresh/")) refreshes.push(response.status());
  });
  const run = <T>(program: string) => page.evaluate<T>(`(async () => { ${code} ${program} })()`);
  await run(`await signIn("${LEARNER.name}", "${LEARNER.password}")`);
  const tenCalls = `return Promise.all(Array.from({ length: 10 }, async () => (await call("/api/users/")).status))`;
  const age = `localStorage.setItem("tokens", JSON.stringify({ ...load(), at: Date.now() - 3_600_000 }));`;
  expect(await run(`${age} ${tenCalls}`)).toEqual(Array(10).fill(200));
  expect(refreshes).toEqual([200]);

  await page.route("**/api/token/refresh/", (route) => route.fulfill({ status: 503 }));
  const outcome = `return call("/api/users/").then(({ status }) => status, ({ message }) => message)`;
  expect(await run(`${age} ${outcome}`)).toBe(200); // it was tried ahead of time, and the token holds
  expect(await run(`keep({ ...load(), access: load().access.slice(0, -3) + "AAA" }); ${outcome}`)).toBe("Refresh: 503");
  expect(await run(`return load().refresh.length > 0`)).toBe(true);
  await page.unroute("**/api/token/refresh/");

  const { refresh } = await run<Tokens>(`return load()`);
  await run(`await post("/api/token/blacklist/", { refresh: "${refresh}" })`);
  expect(await run(outcome)).toBe("Refresh: 401");
  expect(await run(outcome)).toBe("Signed out: to the login");

  await run(`await signIn("${LEARNER.name}", "${LEARNER.password}")`);
  const { refresh: last } = await run<Tokens>(`return load()`);
  await run(`await signOut()`);
  expect((await presentRefresh(server, last)).headers.get("jotward-session-ended")).toBe("logout");
});

test("what is played is in sight, on a phone too", async ({ page }) => {
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(viewport);
    await enterLab(page, LEARNER);
    await expect(page.getByRole("heading", { name: "Scenes", exact: true })).toBeInViewport();
    await page.getByRole("button", { name: "Play the scene" }).click();
    await expect(page.getByTestId("tree").getByText("Generation 0")).toBeInViewport();
    await expect(wires(page).getByText("GET /api/users/").first()).toBeInViewport();
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(status(page)).toHaveText(/^Stopped\./);
    await page.getByRole("button", { name: /^Leave/ }).click();
  }
});

test("nobody is offered an access token that lives longer than the server lets it", async ({ page }) => {
  const server = await Server.start({ JOTWARD_ACCESS_TOKEN_LIFETIME: "20s" });
  try {
    await page.goto(`${server.url}/lab`);
    const choices = page.getByLabel("Access tokens live").locator("option");
    await expect(choices.nth(2)).toBeDisabled();
    await expect(choices.nth(1)).toBeEnabled();
    await expect(choices.nth(3)).toBeEnabled();
  } finally {
    await server.end();
  }
});

test("an arrow opens all of it, and copies as a program that works", async ({ page, context, server }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await played(page, "Signing out");
  await wires(page).getByText("GET /api/users/").first().click();
  const request = page.getByLabel("Request", { exact: true });
  await expect(request).toContainText("Authorization: Bearer ey");
  await expect(page.getByLabel("Answer", { exact: true })).toContainText(/200 OK[\s\S]*content-type: application\/json/);
  for (const [language, part] of [
    ["curl", "curl -i -X GET"],
    ["JavaScript", "await fetch("],
    ["Rust", "reqwest::Client"],
    ["Python", "from urllib import"],
  ] as const) {
    await page.getByRole("button", { name: language, exact: true }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(part);
    expect(copied).toContain(`${server.url}/api/users/`);
  }
});

test("no password is on the page, and none is copied", async ({ page }) => {
  await played(page, "Signing out");
  await wires(page).getByText("POST /api/token/", { exact: true }).click();
  await expect(page.getByLabel("Request", { exact: true })).toContainText("your password");
  expect(await page.getByRole("main").innerText()).not.toContain(LEARNER.password);
});

test("step by step, nothing is sent until it is told to", async ({ page }) => {
  await enterLab(page, LEARNER);
  const seen = watched(page);
  await chooseScene(page, "Signing out");
  const step = page.getByRole("button", { name: /^(Step by step|Next step)$/ });
  await step.click();
  await expect(status(page)).toHaveText("Next: Browser sends POST /api/token/");
  await expect(page.getByLabel("Access tokens live")).toHaveValue("60"); // time to read
  expect(await seen()).toEqual([]);
  await step.click();
  await expect(status(page)).toHaveText("Next: Browser sends GET /api/users/");
  expect(lines(await seen())).toEqual(["/api/token/ 200"]);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(step).toHaveText("Step by step");
  expect(lines(await seen())).toEqual(["/api/token/ 200"]);
});

test("who reads longer than a token lives is not told that the server was wrong", async ({ page }) => {
  const server = await Server.start({ JOTWARD_ACCESS_TOKEN_LIFETIME: "1s" });
  try {
    server.addUser(LEARNER.name, LEARNER.password);
    await page.goto(`${server.url}/lab`);
    await fillEntrance(page, LEARNER);
    await chooseScene(page, "Signing out");
    const step = page.getByRole("button", { name: /^(Step by step|Next step)$/ });
    await step.click();
    await step.click();
    await expect(page.getByTestId("hand").first()).toContainText(/access 0\s*expired/);
    await expect(async () => {
      await step.click({ timeout: 500 });
      await expect(status(page)).toHaveText(/^The scene is over/, { timeout: 500 });
    }).toPass();
    await expect(findings(page).getByText("too slow to tell").first()).toBeVisible();
    await expect(findings(page).getByText("not as expected")).toHaveCount(0);
    await expect(page.getByText("Between two steps a token ran out")).toBeVisible();
  } finally {
    await server.end();
  }
});

test("leaving the lab ends every session it opened, and touches no other", async ({ page, server }) => {
  await enterLab(page, LEARNER);
  const seen = watched(page);
  await playScene(page, "Ten calls at once");
  const { refresh } = of(await seen(), "/api/token/refresh/")[0]?.body as Tokens;
  const ended = page.waitForResponse((response) => response.url().endsWith("/api/token/blacklist/"));
  await page.getByRole("button", { name: /^Leave/ }).click();
  await ended;
  expect((await presentRefresh(server, refresh)).headers.get("jotward-session-ended")).toBe("logout");
  await expect(page.getByRole("form", { name: "Sign in to the lab" })).toBeVisible();
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
});

test("a wrong password is said, and nobody is in", async ({ page }) => {
  await page.goto("/lab");
  await fillEntrance(page, { ...LEARNER, password: "not it" });
  await expect(page.getByRole("alert")).toHaveText(/not right/);
  await expect(page.getByRole("button", { name: "Play the scene" })).toBeDisabled();
});

test("a scene can be played with the keyboard alone", async ({ page }) => {
  const heard = await complaints(page);
  await page.goto("/lab");
  await page.getByLabel("Username").focus();
  await page.keyboard.type(LEARNER.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(LEARNER.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Play the scene" })).toBeEnabled();
  await page.getByRole("button", { name: /Signing out$/ }).focus();
  await page.keyboard.press("Space");
  for (let presses = 0; presses < 20; presses += 1) {
    if (await page.getByRole("button", { name: "Play the scene" }).evaluate((it) => it === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByText("The scene is over.")).toBeVisible({ timeout: 30_000 });
  const arrow = wires(page).locator("summary").first();
  await arrow.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Request", { exact: true })).toBeVisible();
  expect(heard.filter((complaint) => !/status of 401/.test(complaint))).toEqual([]);
});

/** Plays a scene to its end; answers what the API answered in it, in order. */
async function played(page: Page, scene: string, life: "5 seconds" | "a minute" = "5 seconds"): Promise<Seen[]> {
  await enterLab(page, LEARNER);
  await chooseLife(page, life);
  const seen = watched(page);
  await playScene(page, scene);
  return seen();
}

/** What the API answers to the scene from now on; the observer's own questions are left out, as they are on the page. */
function watched(page: Page): () => Promise<Seen[]> {
  const answers: Promise<Seen>[] = [];
  const paths = ["/api/token/", "/api/token/refresh/", "/api/token/blacklist/", "/api/users/"];
  page.on("response", (response) => {
    const path = new URL(response.url()).pathname;
    if (paths.includes(path)) answers.push(read(response, path));
  });
  return () => Promise.all(answers);
}

async function read(response: Response, path: string): Promise<Seen> {
  return {
    path,
    status: response.status(),
    ended: response.headers()["jotward-session-ended"],
    sent: (response.request().postDataJSON() ?? {}) as Record<string, unknown>,
    body: (await response.json()) as Seen["body"],
  };
}

function of(seen: Seen[], path: string): Seen[] {
  return seen.filter((answer) => answer.path === path);
}

function lines(seen: Seen[]): string[] {
  return seen.map(({ path, status }) => `${path} ${status}`);
}

function findings(page: Page) {
  return page.getByTestId("findings");
}

function wires(page: Page) {
  return page.getByTestId("wires");
}

function status(page: Page) {
  return page.getByTestId("status");
}

async function everythingHeld(page: Page): Promise<void> {
  await expect(findings(page).getByText("as expected", { exact: true })).not.toHaveCount(0);
  await expect(findings(page).getByText("not as expected")).toHaveCount(0);
}

async function familyIsDead(page: Page): Promise<void> {
  await expect(page.getByTestId("standing")).toHaveText("ended: reuse");
  await expect(page.getByTestId("tree")).toHaveAttribute("data-over", "true");
  await expect(page.getByTestId("tree").getByText("live")).toHaveCount(0);
}
