// Every page there is, and how to get it on the screen.

import { expect, type Page } from "@playwright/test";
import { apiToken, claims, openSession, signOut } from "./api.ts";
import { ADMIN, USER } from "./fixtures.ts";
import { enterLab, playScene } from "./learner.ts";
import { enterCredentials, signIn } from "./people.ts";
import type { Server } from "./server.ts";
import * as staff from "./staff.ts";

/** A page in one of its states. */
export interface Sight {
  name: string;
  open(page: Page, server: Server): Promise<unknown>;
  /** What a browser says in its console when all is as it should be: it reports every status from 400 on. */
  expected?: RegExp;
}

/** All of a server that is set to nothing. */
export const SIGHTS: Sight[] = [
  { name: "the home page", open: (page) => page.goto("/") },
  { name: "the login", open: (page) => page.goto("/login?reason=admin") },
  {
    name: "the login after a wrong password",
    expected: /status of 401/,
    async open(page) {
      await page.goto("/login");
      await enterCredentials(page, { ...USER, password: "not it" });
      await expect(page.getByRole("alert")).not.toBeEmpty();
    },
  },
  {
    name: "the login of somebody who is signed in",
    async open(page) {
      await signIn(page, USER);
      await page.goto("/login");
      await expect(page.getByText("You are signed in as")).toBeVisible();
    },
  },
  { name: "the list of users", open: (page) => signIn(page, USER) },
  {
    name: "the list of sessions",
    async open(page) {
      await page.goto("/login?next=/sessions");
      await enterCredentials(page, USER);
      await expect(page.getByText("This device", { exact: true })).toBeVisible();
    },
  },
  { name: "the lab", open: (page) => page.goto("/lab") },
  { name: "the walk", open: (page) => page.goto("/lab/walk/") },
  {
    name: "the walk after a wrong password",
    expected: /status of 403/,
    async open(page) {
      await page.goto("/lab/walk/");
      await page.getByLabel("Username").fill(USER.name);
      await page.getByLabel("Password").fill("not it");
      await page.getByRole("button", { name: "Sign in, and begin" }).click();
      await expect(page.getByRole("alert")).not.toBeEmpty();
    },
  },
  {
    name: "the walk after a theft",
    async open(page) {
      await page.goto("/lab/walk/");
      await page.getByLabel("Username").fill(USER.name);
      await page.getByLabel("Password").fill(USER.password);
      await page.getByRole("button", { name: "Sign in, and begin" }).click();
      for (let step = 2; step <= 8; step += 1) {
        await page.getByRole("button", { name: /^Next: / }).click();
        await expect(page.getByText(`Step ${step} of 8`)).toBeVisible();
      }
    },
  },
  {
    name: "the lab after a theft",
    expected: /status of 401/,
    async open(page) {
      await enterLab(page, USER);
      await playScene(page, "Theft: victim first");
      await page.getByTestId("wires").locator("summary").nth(1).click();
      await page.getByTestId("hand").last().locator("summary").first().click();
      await page.evaluate(() => scrollTo(0, 0)); // what sticks to the top covers nothing there
    },
  },
  {
    name: "the change of a password",
    async open(page) {
      await page.goto("/login?next=/password");
      await enterCredentials(page, USER);
      await expect(page.getByRole("button", { name: "Change the password" })).toBeEnabled();
    },
  },
  { name: "a page that is not there", expected: /status of 404/, open: (page) => page.goto("/nothing") },
  { name: "the admin's login", open: (page) => page.goto("/admin/login/?done=signed-out") },
  {
    name: "the admin's login after a wrong password",
    expected: /status of 403/,
    async open(page) {
      await page.goto("/admin/login/");
      await staff.enterCredentials(page, { ...ADMIN, password: "not it" });
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "the admin's overview",
    async open(page, server) {
      await staff.theftOf(server, USER);
      await staff.signInToAdmin(page, ADMIN);
      await staff.openOverview(page);
      await expect(page.getByText("A spent refresh token came back")).toBeVisible();
      for (const table of await page.getByText(/as a table$/).all()) await table.click();
    },
  },
  {
    name: "the outstanding tokens",
    async open(page, server) {
      await openSession(server, USER);
      await staff.signInToAdmin(page, ADMIN);
      await page.goto("/admin/outstanding/?done=session-ended");
      await expect(staff.rows(page)).not.toHaveCount(0);
    },
  },
  {
    name: "the blacklisted tokens",
    async open(page, server) {
      await signOut(server, await openSession(server, USER));
      await staff.signInToAdmin(page, ADMIN);
      await staff.openList(page, "Blacklisted");
      await expect(staff.rows(page)).not.toHaveCount(0);
    },
  },
  {
    name: "the API tokens",
    async open(page, server) {
      await apiToken(server, USER);
      await staff.signInToAdmin(page, ADMIN);
      await staff.openList(page, "API tokens");
      await expect(staff.rows(page)).not.toHaveCount(0);
    },
  },
  {
    name: "the question before an API token is reset",
    async open(page, server) {
      await apiToken(server, USER);
      await staff.signInToAdmin(page, ADMIN);
      await staff.openList(page, "API tokens");
      await staff.rows(page).getByRole("link", { name: /^Reset/ }).first().click();
      await expect(page.getByRole("heading", { name: "Reset this API token?" })).toBeVisible();
    },
  },
  {
    name: "the question before a token is blacklisted",
    async open(page, server) {
      await openSession(server, USER);
      await staff.signInToAdmin(page, ADMIN);
      await staff.rows(page).getByRole("link", { name: /^Blacklist token/ }).first().click();
      await expect(page.getByRole("heading", { name: "Blacklist this token?" })).toBeVisible();
    },
  },
  {
    name: "the question before a session is ended",
    async open(page, server) {
      const { access } = await openSession(server, USER);
      await staff.signInToAdmin(page, ADMIN);
      await page.goto(`/admin/sessions/${String(claims(access).sid)}/end/`);
    },
  },
  {
    name: "a page of the admin that is not there",
    expected: /status of 404/,
    async open(page) {
      await staff.signInToAdmin(page, ADMIN);
      await page.goto("/admin/nothing/");
    },
  },
];

/** Those there are where `REGISTRATION` is open. */
export const SIGHTS_OF_REGISTRATION: Sight[] = [
  {
    name: "the page to register at",
    open: (page) => page.goto("/register"),
  },
  {
    name: "the page to register at, with everything wrong",
    expected: /status of 400/,
    async open(page) {
      await page.goto("/register");
      await page.getByLabel("Username").fill("ada");
      await page.getByLabel("E-mail").fill("nowhere");
      await page.getByLabel("Password").fill("short7c");
      await page.getByRole("button", { name: "Create" }).click();
      await expect(page.locator(".field__error").filter({ visible: true })).not.toHaveCount(0);
    },
  },
  {
    name: "the login with a way to an account",
    async open(page) {
      await page.goto("/login");
      await expect(page.getByRole("link", { name: "Create one" })).toBeVisible();
    },
  },
];

/** Those that look otherwise where `REFRESH_TRANSPORT` is `cookie`. */
export const SIGHTS_OF_COOKIES: Sight[] = [
  {
    name: "the lab where refresh tokens are in cookies",
    async open(page) {
      await page.goto("/lab");
      await expect(page).toHaveURL("/lab/walk/");
      await expect(page.getByRole("status")).toContainText("in a cookie only");
    },
  },
  { name: "the walk where refresh tokens are in cookies", open: (page) => page.goto("/lab/walk/") },
];
