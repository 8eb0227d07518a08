// What learners do in the lab.

import { expect, type Page } from "@playwright/test";
import type { Person } from "./people.ts";

/** Signs in to the lab, and can play. */
export async function enterLab(page: Page, person: Person): Promise<void> {
  await page.goto("/lab");
  await fillEntrance(page, person);
  await expect(page.getByRole("button", { name: "Play the scene" })).toBeEnabled();
}

/** Fills in the lab's form, and sends it. */
export async function fillEntrance(page: Page, person: Person): Promise<void> {
  const form = page.getByRole("form", { name: "Sign in to the lab" });
  await form.getByLabel("Username").fill(person.name);
  await form.getByLabel("Password").fill(person.password);
  await form.getByRole("button", { name: "Enter the lab" }).click();
}

/** Chooses a scene by the end of its name. */
export async function chooseScene(page: Page, scene: string): Promise<void> {
  const entry = page.getByRole("navigation", { name: "Scenes" }).getByRole("button", { name: new RegExp(`${scene}$`) });
  await entry.click();
  await expect(entry).toHaveAttribute("aria-current", "true");
}

/** Chooses how long access tokens live: long enough to be tried after their session's end on a busy machine, say. */
export async function chooseLife(page: Page, life: "5 seconds" | "a minute"): Promise<void> {
  await page.getByLabel("Access tokens live").selectOption(life);
}

/** Plays a scene to its end. */
export async function playScene(page: Page, scene: string): Promise<void> {
  await chooseScene(page, scene);
  await page.getByRole("button", { name: "Play the scene" }).click();
  await expect(page.getByText("The scene is over.")).toBeVisible({ timeout: 60_000 });
}
