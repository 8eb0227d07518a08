// How long people wait for the login page on a slow phone, measured with the browser of the tests: a part of `make bench`.

import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

export default defineConfig(tests, { testDir: ".", testMatch: "interactive.ts", workers: 1, timeout: 180_000, reporter: "./plain.ts" });
