import { defineConfig } from "@playwright/test";
import journeys from "./playwright.config";

export default defineConfig({
  ...journeys,
  testDir: "measure",
  testMatch: /.*\.measure\.ts/,
  workers: 1,
  timeout: 300_000,
});
