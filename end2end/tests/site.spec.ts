// The files of the site: the binary brings them along, packed, under the right types and names that may be kept.

import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test as base } from "@playwright/test";
import { BINARY, Server } from "./server.ts";

// A release binary has its files inside; a debug binary reads them from the build directory. So where a release binary
// was built, it is the one to be left alone.
const RELEASE = resolve(import.meta.dirname, "../../target/release/jotward");

/** `alone`: a server whose binary was copied into a directory of its own. */
const test = base.extend<{ alone: Server }>({
  // Playwright reads the names of what a fixture needs from this pattern; it needs nothing.
  alone: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), "jotward-alone-"));
    const binary = join(directory, "jotward");
    copyFileSync(existsSync(RELEASE) ? RELEASE : BINARY, binary);
    const server = await Server.start({}, binary);
    try {
      await use(server);
    } finally {
      await server.end();
      rmSync(directory, { recursive: true, force: true });
    }
  },
});

const TYPES = {
  js: /^(text|application)\/javascript/,
  wasm: /^application\/wasm$/,
  css: /^text\/css/,
  svg: /^image\/svg\+xml/,
};

test("the binary alone in a directory serves every page", async ({ alone, page, request }) => {
  for (const path of ["/", "/login", "/users", "/sessions", "/password", "/admin/login/"]) {
    const answer = await request.get(alone.url + path);
    expect(answer.status()).toBe(200);
    expect(answer.headers()["content-type"]).toBe("text/html; charset=utf-8");
    expect(await answer.text()).toContain("</html>");
  }
  // Alive: both halves of the site are there, and of the same build.
  await page.goto(`${alone.url}/login`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
});

test("the binary alone in a directory serves every file, packed, to be kept for ever", async ({ alone, request }) => {
  const html = await (await request.get(`${alone.url}/login`)).text();
  for (const [ending, type] of Object.entries(TYPES)) {
    const path = new RegExp(`/[\\w/.-]+\\.${ending}\\b`).exec(html)?.[0];
    expect(path, `the page names a .${ending}`).toBeDefined();

    for (const coding of ["br", "gzip"]) {
      const answer = await request.get(`${alone.url}${path}`, { headers: { "accept-encoding": coding } });
      expect(answer.status()).toBe(200);
      expect(answer.headers()["content-type"]).toMatch(type);
      expect(answer.headers()["content-encoding"]).toBe(coding);
      expect(answer.headers()["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect((await answer.body()).length).toBeGreaterThan(100);
    }
  }
});
