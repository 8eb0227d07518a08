// Signing in: what opens the list, what does not, and how long the browser remembers.

import { askForUsers, openSession } from "./api.ts";
import { ADMIN, expect, test, USER } from "./fixtures.ts";
import { countdown, enterCredentials, reload, seesTheList, signIn, userList } from "./people.ts";
import { storedSession, TOKENS_IN_STORAGE } from "./storage.ts";

test.use({ settings: TOKENS_IN_STORAGE });

test("who signs in sees everybody, their own name, and how long the access token lives", async ({ page, server }) => {
  await signIn(page, USER);

  const { access } = await openSession(server, USER);
  const everybody = (await (await askForUsers(server, access)).json()) as { username: string }[];
  const names = everybody.slice(0, 50).map((user) => user.username); // a page of them
  expect(names).toEqual(expect.arrayContaining([USER.name, ADMIN.name]));
  await expect(userList(page).getByRole("rowheader")).toHaveText(names);
  await expect(userList(page).getByRole("row", { name: USER.name })).toContainText("ada@example.org");
  await expect(page.getByRole("definition").filter({ hasText: USER.name })).toBeVisible();
  await expect(countdown(page)).toHaveText(/^expires in 4 min \d\d s$/);
});

test("a wrong password is said, and the right one works then", async ({ page }) => {
  await page.goto("/login?next=%2Fusers");
  const address = page.url();
  const answer = page.waitForResponse("**/api/token/");
  await enterCredentials(page, { name: USER.name, password: "not it" });

  expect((await answer).status()).toBe(401);
  await expect(page.getByRole("alert")).toHaveText(
    "The username or the password is not right, or the account is switched off.",
  );
  await expect(page.getByLabel("Username")).toHaveValue(USER.name);
  await expect(page.getByLabel("Password")).toBeFocused();
  expect(page.url()).toBe(address);
  expect(await storedSession(page)).toBeUndefined();

  await page.keyboard.type(USER.password);
  await page.keyboard.press("Enter");
  await seesTheList(page);
});

test("an empty form is not sent: each field says what it lacks, and the first one has the focus", async ({ page }) => {
  await page.goto("/login");
  await enterCredentials(page, { name: "", password: "" });

  await expect(page.getByLabel("Username")).toBeFocused();
  await expect(page.getByLabel("Username")).toHaveAccessibleDescription("Please enter your username.");
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription("Please enter your password.");
});

test("who is remembered is signed in in every tab, and after a reload", async ({ page, context }) => {
  await signIn(page, USER, { remember: true });
  expect((await storedSession(page))?.where).toBe("localStorage");

  await page.reload();
  await seesTheList(page);
  const another = await context.newPage();
  await another.goto("/users");
  await seesTheList(another);
});

test("who is not remembered is signed in in one tab, and after a reload", async ({ page, context }) => {
  await signIn(page, USER);
  expect((await storedSession(page))?.where).toBe("sessionStorage");

  await page.reload();
  await seesTheList(page);
  await reload(page);
  const another = await context.newPage();
  await another.goto("/users");
  await expect(another).toHaveURL("/login?next=/users");
  expect(await storedSession(another)).toBeUndefined();
});

test("who is signed in already may go on, or become somebody else", async ({ page }) => {
  await signIn(page, USER);
  await page.goto("/login");
  await expect(page.getByText(`You are signed in as ${USER.name}.`)).toBeVisible();
  await page.getByRole("button", { name: "Continue" }).click();
  await seesTheList(page);

  await page.goto("/login");
  await page.getByRole("button", { name: "Use another account" }).click();
  await enterCredentials(page, ADMIN);
  await seesTheList(page);
  await expect(page.getByRole("definition").filter({ hasText: ADMIN.name })).toBeVisible();
});

test("a page that needs a session leads to the login and back", async ({ page }) => {
  await page.goto("/users?order=name");
  await expect(page).toHaveURL("/login?next=/users%3Forder%3Dname");

  await enterCredentials(page, USER);
  await expect(page).toHaveURL("/users?order=name");
  await seesTheList(page);
});

const HOSTILE = [
  "//evil.example",
  "https://evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
  "evil.example",
];

for (const next of HOSTILE) {
  test(`nobody is led away by next=${JSON.stringify(next)}`, async ({ page, server }) => {
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== server.url) elsewhere.push(request.url());
    });
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await enterCredentials(page, USER);

    await expect(page).toHaveURL("/users");
    await seesTheList(page);
    expect(elsewhere).toEqual([]);
  });
}

test("a page whose program does not load says so, and offers to try again", async ({ page }) => {
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto("/login");
  const late = page.getByText("This page has not come alive.");
  await expect(late).toBeHidden();

  // The page waits eight seconds before it says so.
  await expect(late).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("button", { name: "Sign in" })).toBeDisabled();

  await page.unroute("**/*.wasm");
  await late.getByRole("link", { name: "Reload it" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await expect(late).toBeHidden();
});
