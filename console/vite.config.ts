import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.VIERTAKT_URL ?? "http://127.0.0.1:8484";

export default defineConfig({
  plugins: [
    react(),
    // A text without its translation fails the build: an operator never meets half a language.
    lingui({ macroTransform: true, failOnMissing: true, failOnCompileError: true }),
  ],
  // The server puts a fresh one into each page it sends.
  html: { cspNonce: "VIERTAKT_NONCE" },
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: process.env.VIERTAKT_CONSOLE_OUT ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    // The page's policy forbids inline scripts and data: URLs for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // The browser's own host is passed on: the server lets a session write from its own pages only.
  server: {
    proxy: {
      "/v1": { target: server, changeOrigin: false },
      "/version": { target: server, changeOrigin: false },
    },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/lib/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // Two cores shared with a database, in the worst case.
    testTimeout: 30_000,
  },
});
