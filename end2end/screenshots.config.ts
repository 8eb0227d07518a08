// The README's pictures are made with the browser of the tests, but not with every run of them: `make screenshots`.

import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

export default defineConfig(tests, { testDir: ".", testMatch: "screenshots.ts", workers: 1 });
