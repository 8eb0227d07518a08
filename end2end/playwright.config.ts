// Browser tests. Each worker starts its own server, so tests share no state across workers;
// see tests/server.ts. A test that fails once is a bug in it or in Jotward: there are no retries.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig, devices } from "@playwright/test";

// The system's Chromium; without one, Playwright uses the browser it downloaded itself.
function systemChromium(): string | undefined {
  const directories = (process.env.PATH ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const candidates = names.flatMap((name) => directories.map((directory) => join(directory, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

// Chromium refuses to sandbox for root; the rest keeps it from calling home during a test.
const root = process.getuid?.() === 0;
const args = [
  ...(root ? ["--no-sandbox"] : []),
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
];

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI ? "line" : "list",
  use: {
    ...devices["Desktop Chrome"],
    launchOptions: { args, executablePath: systemChromium() },
    trace: "retain-on-failure",
  },
});
