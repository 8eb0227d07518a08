// From the address to a form that can be sent: the login page in an empty browser on a slow line and a slow processor.
// It measures and prints; nothing fails for being slow.

import type { Browser } from "@playwright/test";
import { expect, test } from "./tests/fixtures.ts";

const TIMES = 7;
const SLOWER = 4;
const PROMISED = 1500;

/** Lines as Chromium emulates them: bytes a second, and milliseconds that each request waits. */
const LINES = [
  { name: "fast 3G (1.6 Mbit/s, 150 ms)", down: 200_000, up: 93_750, latency: 150, promised: true },
  { name: "the same, 562 ms a request", down: 180_000, up: 84_375, latency: 562.5, promised: false },
  { name: "this machine's own", down: -1, up: -1, latency: 0, promised: false },
];

test("the login page becomes interactive", async ({ browser, server }) => {
  for (const line of LINES) {
    const took: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      took.push(await once(browser, server.url, line));
    }
    took.sort((a, b) => a - b);
    const median = Math.round(took[Math.floor(TIMES / 2)] ?? Number.NaN);
    const promise = line.promised ? `, promised ${PROMISED} ms: ${median <= PROMISED ? "kept" : "MISSED"}` : "";
    console.log(`login interactive, processor ${SLOWER} times slower, ${line.name}: median of ${TIMES} ${median} ms${promise}`);
  }
});

/** Milliseconds from going to the page until its form can be sent, in a browser that has never been there. */
async function once(browser: Browser, url: string, line: (typeof LINES)[number]): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      downloadThroughput: line.down,
      uploadThroughput: line.up,
      latency: line.latency,
    });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.goto(`${url}/login`, { waitUntil: "commit" });
    // The page's own clock, from the moment it was asked for; the button is enabled when the form is alive.
    const took = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          const look = () => {
            const button = document.querySelector<HTMLButtonElement>("form button[type=submit]");
            if (button && !button.disabled) {
              done(performance.now());
            } else {
              setTimeout(look, 5);
            }
          };
          look();
        }),
    );
    await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
    return took;
  } finally {
    await context.close();
  }
}
