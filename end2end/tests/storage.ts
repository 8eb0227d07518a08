// What the client keeps in the browser.

import type { Page } from "@playwright/test";

/** Settings under which the client keeps tokens where a test can read them. */
export const TOKENS_IN_STORAGE = { JOTWARD_REFRESH_TRANSPORT: "body" };

/** The session as it is stored: where, and which tokens. */
export interface Stored {
  where: "localStorage" | "sessionStorage";
  access: string;
  refresh: string;
}

/** The session this tab uses; `undefined` when it has none. */
export async function storedSession(page: Page): Promise<Stored | undefined> {
  return page.evaluate(() => {
    for (const where of ["sessionStorage", "localStorage"] as const) {
      const text = window[where].getItem("jotward.session");
      if (text !== null) return { where, ...(JSON.parse(text) as { access: string; refresh: string }) };
    }
    return undefined;
  });
}
