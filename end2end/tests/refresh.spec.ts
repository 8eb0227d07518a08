// Renewing: when the access token has run out, it is renewed once, whoever asks, and nobody notices. Trouble on the
// way is waited out; it never ends a session.

import { expect, test, USER } from "./fixtures.ts";
import {
  notice,
  outlivesTheAccessToken,
  pressReload,
  reload,
  renewals,
  seesTheList,
  SHORT_LIVED,
  signIn,
  UNREACHABLE,
} from "./people.ts";
import { storedSession, TOKENS_IN_STORAGE } from "./storage.ts";
import { REFRESH, requests, USERS } from "./wire.ts";

test.use({ settings: { ...SHORT_LIVED, ...TOKENS_IN_STORAGE } });

test("an access token that has run out is renewed once, on the next request", async ({ page }) => {
  await signIn(page, USER);
  const before = await storedSession(page);
  const shown = Number(await renewals(page).textContent());
  const refreshes = requests(page, REFRESH);
  await outlivesTheAccessToken(page);
  expect(refreshes).toHaveLength(0);

  await reload(page);

  expect(refreshes).toHaveLength(1);
  await expect(renewals(page)).toHaveText(String(shown + 1));
  const after = await storedSession(page);
  expect(after?.where).toBe(before?.where);
  expect(after?.access).not.toBe(before?.access);
  expect(after?.refresh).not.toBe(before?.refresh);

  // The successor is good for the next time.
  await outlivesTheAccessToken(page);
  await reload(page);
  expect(refreshes).toHaveLength(2);
});

test("a list that is opened after the access token has run out is shown after one renewal", async ({ page }) => {
  await signIn(page, USER);
  await outlivesTheAccessToken(page);
  const refreshes = requests(page, REFRESH);

  await page.reload();

  await seesTheList(page);
  expect(refreshes).toHaveLength(1);
});

test("five calls at once share one renewal, and all are answered", async ({ page }) => {
  await signIn(page, USER);
  await outlivesTheAccessToken(page);
  const refreshes = requests(page, REFRESH);
  const lists = requests(page, USERS);

  await page.getByRole("button", { name: "Five calls at once" }).click();

  await expect(page.getByText("Calls answered: 5 of 5. Renewals: 1.")).toBeVisible();
  expect(refreshes).toHaveLength(1);
  expect(lists).toHaveLength(5);
  const statuses = await Promise.all(lists.map(async (list) => (await list.response())?.status()));
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
});

test("a session whose access token runs out while the server is away is renewed when it is back", async ({
  page,
  server,
}) => {
  await signIn(page, USER);
  const before = await storedSession(page);

  await server.stop();
  await outlivesTheAccessToken(page);
  await pressReload(page);
  await expect(notice(page)).toHaveText(UNREACHABLE);
  await expect(page).toHaveURL("/users");
  expect(await storedSession(page)).toEqual(before);

  await server.resume();
  await seesTheList(page);
  expect((await storedSession(page))?.refresh).not.toBe(before?.refresh);
  await reload(page);
});

const OBSTACLES = [
  { status: 503, says: "The server has a problem just now." },
  { status: 429, says: "The server asks for a pause." },
];

for (const { status, says } of OBSTACLES) {
  test(`a ${status} to a renewal is waited out and is not a logout`, async ({ page }) => {
    await signIn(page, USER);
    await outlivesTheAccessToken(page);
    const before = await storedSession(page);
    const refreshes = requests(page, REFRESH);
    await page.route(`**${REFRESH}`, (route) => route.fulfill({ status, headers: { "retry-after": "1" } }), { times: 1 });

    await pressReload(page);

    await expect(notice(page)).toHaveText(new RegExp(`^${says} Trying again in [12] s; you stay signed in\\.$`));
    expect((await storedSession(page))?.refresh).toBe(before?.refresh);
    await seesTheList(page);
    expect(refreshes).toHaveLength(2);
    expect((await storedSession(page))?.refresh).not.toBe(before?.refresh);
  });
}
