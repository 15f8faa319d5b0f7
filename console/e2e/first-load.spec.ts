import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { signInBeside, url } from "./console";

const BUDGET = 300_000;

test("the first page needs at most 300 kB of JavaScript, gzipped", async ({ page }) => {
  await signInBeside(page.request);
  const sizes = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    if (!response.url().endsWith(".js")) return;
    sizes.set(
      response.url(),
      response.body().then((body) => gzipSync(body).length),
    );
  });
  // The last to be fetched: it is not needed yet, and counted all the same.
  const palette = page.waitForResponse(/palette-[\w-]+\.js/);
  await page.goto(`${url()}/operations`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await palette;
  const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total, `${[...sizes.keys()].join("\n")}`).toBeLessThanOrEqual(BUDGET);
});
