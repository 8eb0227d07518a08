// What went over the wire, and what the browser complained about.

import type { BrowserContext, Page, Request } from "@playwright/test";

/** Where the client renews, and where it reads the list. */
export const REFRESH = "/api/token/refresh/";
export const USERS = "/api/users/";

/** All requests for a path from now on; the array grows as they are made. */
export function requests(source: Page | BrowserContext, path: string): Request[] {
  const seen: Request[] = [];
  const note = (request: Request): void => {
    if (new URL(request.url()).pathname === path) seen.push(request);
  };
  // Page and context each declare the event for themselves; one call for both does not type-check.
  if ("newPage" in source) source.on("request", note);
  else source.on("request", note);
  return seen;
}

/** Everything a browser complains about from now on: errors of scripts, its console, the page's policy. */
export async function complaints(page: Page): Promise<string[]> {
  const heard: string[] = [];
  page.on("pageerror", (error) => heard.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) heard.push(message.text());
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (violation) => {
      console.error(`policy: ${violation.violatedDirective} forbids ${violation.blockedURI}`);
    });
  });
  return heard;
}
