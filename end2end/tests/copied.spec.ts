// What the lab copies is run: requests of two scenes as a command, as JavaScript and as Python, as it would be by who
// pastes it into a terminal. The program in Rust is compiled and run by the server's tests.

import type { Page } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { expect, test } from "./fixtures.ts";
import { enterLab, playScene } from "./learner.ts";

const COPYIST = { name: "coralie", password: "coralie copies with care" };

const LANGUAGES = {
  curl: ["sh", "-c"],
  JavaScript: ["node", "--input-type=module", "--eval"],
  Python: ["python3", "-c"],
} as const;

test.beforeAll(({ server }) => server.addUser(COPYIST.name, COPYIST.password));

test("a login, a call and a refresh are answered as they were in the scene", async ({ page }) => {
  test.slow();
  await enterLab(page, COPYIST);
  await playScene(page, "Signing out");
  for (const [line, status, says] of [
    ["POST /api/token/", 200, '"access":"ey'],
    ["GET /api/users/", 401, "token_not_valid"], // signed out meanwhile
    ["POST /api/token/refresh/", 401, "Token is blacklisted"],
  ] as const) {
    for (const [language, text] of Object.entries(await copies(page, line))) {
      const answer = run(language as Language, text.replace("your password", COPYIST.password));
      expect(answer.status, `${line} in ${language}: ${answer.output}`).toBe(status);
      expect(answer.output).toContain(says);
    }
  }
});

test("where a cookie was sent, there is a place to paste it in", async ({ page, server }) => {
  test.slow();
  await enterLab(page, COPYIST);
  await playScene(page, "In a cookie");
  for (const [language, text] of Object.entries(await copies(page, "POST /api/token/refresh/"))) {
    expect(text).toContain("Application, Cookies");
    const login = await fetch(`${server.url}/api/token/`, {
      method: "POST",
      headers: { "content-type": "application/json", "jotward-refresh-transport": "cookie" },
      body: JSON.stringify({ username: COPYIST.name, password: COPYIST.password }),
    });
    const token = /^jotward-refresh=([^;]+);/.exec(login.headers.getSetCookie().join("\n"))?.[1] ?? "";
    expect(token).not.toBe("");
    expect(run(language as Language, text).status, `${language} without the cookie`).toBe(401);
    const answer = run(language as Language, text.replace("PASTE-IT-HERE", token));
    expect(answer.status, `${language}: ${answer.output}`).toBe(200);
    expect(answer.output).toContain('"access":"ey');
    expect(answer.output).not.toContain('"refresh":');
  }
});

type Language = keyof typeof LANGUAGES;

/** The first request of this line, in each language. */
async function copies(page: Page, line: string): Promise<Record<Language, string>> {
  const arrow = page.getByTestId("wires").getByText(line, { exact: true }).first();
  await arrow.click();
  const texts: Partial<Record<Language, string>> = {};
  for (const language of Object.keys(LANGUAGES) as Language[]) {
    await page.getByRole("button", { name: language, exact: true }).click();
    await expect(page.getByText(`${language} copied`)).toBeVisible();
    texts[language] = (await page.getByLabel("Copied", { exact: true }).textContent()) ?? "";
  }
  await arrow.click();
  await expect(page.getByRole("button", { name: "curl", exact: true })).toHaveCount(0);
  return texts as Record<Language, string>;
}

/** Runs a text as it is; answers the status it prints, and all it prints. */
function run(language: Language, text: string): { status: number; output: string } {
  const [program, ...before] = LANGUAGES[language];
  const child = spawnSync(program, [...before, text], {
    encoding: "utf8",
    timeout: 20_000,
    env: { ...process.env, NO_PROXY: "*", no_proxy: "*", FORCE_COLOR: "0" },
  });
  const output = child.stdout + child.stderr + (child.error?.message ?? "");
  return { status: Number(/^(?:HTTP\/1\.1 )?(\d{3})\b/.exec(output)?.[1]), output };
}
