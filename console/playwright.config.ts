import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/start-server.ts",
  outputDir: "test-results",
  timeout: 120_000,
  expect: { timeout: 10_000 },
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // Once more where many run beside each other; the list names what passed only then ("flaky").
  retries: process.env.CI ? 1 : 0,
  reporter: "list",
  use: {
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    // A trace of every step takes a quarter of the time: CI keeps one of the second try.
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
  },
});
