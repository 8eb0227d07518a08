// Becoming a user, and choosing another password.

import { askForUsers, openSession } from "./api.ts";
import { expect, test } from "./fixtures.ts";
import { looksRight } from "./looks.ts";
import { enterCredentials, seesTheList, trouble } from "./people.ts";
import { storedSession, TOKENS_IN_STORAGE } from "./storage.ts";
import { complaints } from "./wire.ts";

test.use({ settings: { JOTWARD_REGISTRATION: "open", ...TOKENS_IN_STORAGE } });

test("who has no account makes one, and is signed in", async ({ page, server }) => {
  await page.goto("/login");
  await page.getByRole("link", { name: "Create one" }).click();
  await expect(page).toHaveURL("/register");
  const form = page.getByRole("form", { name: "Create an account" });
  await form.getByLabel("Username").fill("oda");
  await form.getByLabel("E-mail address").fill("oda@example.org");
  await form.getByLabel("Password").fill(" oda writes it all down ");
  await page.keyboard.press("Enter");
  await seesTheList(page);
  await expect(page.getByTestId("username")).toHaveText("oda");
  await openSession(server, { name: "oda", password: " oda writes it all down " });
});

test("everything that is wrong is said at its field, and nothing typed is lost", async ({ page }) => {
  await page.goto("/register");
  const username = page.getByLabel("Username");
  const password = page.getByLabel("Password");
  const send = page.getByRole("button", { name: "Create the account" });
  await expect(password).toHaveAccessibleDescription(/^At least 8 characters\./);
  await send.click();
  await expect(username).toHaveAccessibleDescription(/Please choose a username\./);
  await expect(username).toBeFocused();
  await expect(page.getByLabel("E-mail address")).toHaveAccessibleDescription(/Please enter your e-mail address\./);
  await expect(password).toHaveAttribute("aria-invalid", "true");

  await username.fill("ADA");
  await page.getByLabel("E-mail address").fill("someone@example.org");
  await password.fill("short7c");
  await send.click();
  await expect(password).toHaveAccessibleDescription(/too short/);
  await expect(password).toBeFocused();
  await password.fill("long enough");
  await send.click();
  await expect(username).toHaveAccessibleDescription(/This username is taken\./);
  await expect(username).toBeFocused();
  await expect(password).toHaveValue("long enough");
});

test("the form is for password managers, for phones and for everybody", async ({ page }) => {
  test.slow(); // axe reads it four times
  const heard = await complaints(page);
  await page.goto("/register");
  const password = page.getByLabel("Password");
  await expect(page.getByLabel("Username")).toHaveAttribute("autocomplete", "username");
  await expect(page.getByLabel("E-mail address")).toHaveAttribute("autocomplete", "email");
  await expect(password).toHaveAttribute("autocomplete", "new-password");
  await password.evaluate((input: HTMLInputElement) => {
    input.focus();
    const data = new DataTransfer();
    data.setData("text/plain", "pasted");
    const isTaken = input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true }));
    if (!isTaken) throw new Error("pasting is forbidden");
  });
  await page.getByRole("button", { name: "Create the account" }).click();
  await looksRight(page);
  expect(heard).toEqual([]);
});

test("another password keeps this session and ends the others", async ({ page, server }) => {
  const kim = { name: "kim-of-account", password: "kim has an old one" };
  server.addUser(kim.name, kim.password);
  const other = await openSession(server, kim);
  await page.goto("/login?next=/sessions");
  await enterCredentials(page, kim);
  await page.getByRole("link", { name: "Change your password" }).click();
  await expect(page).toHaveURL("/password");

  const [current, next] = [page.getByLabel("Current password"), page.getByLabel("New password")];
  const send = page.getByRole("button", { name: "Change the password" });
  await send.click();
  await expect(current).toHaveAccessibleDescription("Please enter your current password.");
  await expect(current).toBeFocused();
  await current.fill("not it");
  await next.fill("kim has a new one");
  await send.click();
  await expect(current).toHaveAccessibleDescription("This is not your password.");
  expect((await askForUsers(server, other.access)).status).toBe(200);

  await current.fill(kim.password);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your password is changed, and your other devices are signed out.")).toBeVisible();
  await expect(current).toHaveValue("");
  await expect(trouble(page)).toHaveText("");
  expect((await askForUsers(server, other.access)).status).toBe(401);
  const { access } = (await storedSession(page)) ?? { access: "" };
  expect((await askForUsers(server, access)).status).toBe(200);
  await looksRight(page);

  const third = await openSession(server, { name: kim.name, password: "kim has a new one" });
  await page.getByLabel("Sign out my other devices").uncheck();
  await current.fill("kim has a new one");
  await next.fill("kim has one more");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your other devices stay signed in.")).toBeVisible();
  expect((await askForUsers(server, third.access)).status).toBe(200);
});
