// What most tests want: `server`, one per worker, with a user and an admin. A file that needs other settings says
// `test.use({ settings: { JOTWARD_…: "…" } })` at its top, and gets a server of its own.

import { test as base } from "@playwright/test";
import { Server, type Settings } from "./server.ts";

export { expect } from "@playwright/test";

/** The users every shared server has. */
export const USER = { name: "ada", password: "ada counts on engines" };
export const ADMIN = { name: "grace", password: "grace finds the moth" };

export const test = base.extend<{ baseURL: string }, { server: Server; settings: Settings }>({
  settings: [{}, { option: true, scope: "worker" }],
  server: [
    async ({ settings }, use) => {
      const server = await Server.start(settings);
      try {
        server.addUser(USER.name, USER.password, "--email", "ada@example.org");
        server.addUser(ADMIN.name, ADMIN.password, "--staff", "--superuser");
        await use(server);
      } finally {
        await server.end();
      }
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => {
    await use(server.url);
  },
});
