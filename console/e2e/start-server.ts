// A server for the journeys: the one that E2E_URL names, with E2E_EMAIL and E2E_PASSWORD of an administrator;
// without E2E_URL, `viertakt up` over a fresh database that is gone afterwards.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_WITHIN = 120_000;

async function startServer(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.E2E_URL) return undefined;
  const data = mkdtempSync(join(tmpdir(), "viertakt-e2e-"));
  const server = spawn("viertakt", ["up", "--data", data, "--port", "0", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    // Nobody who watches a test wants to wait for it.
    env: { ...process.env, VIERTAKT_BULK_COUNTDOWN: "1" },
  });
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("viertakt up was not ready in time")), READY_WITHIN);
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`viertakt up ended with ${code}`)));
    createInterface({ input: server.stdout }).once("line", (line) => {
      clearTimeout(late);
      resolve((JSON.parse(line) as { url: string }).url);
    });
  });
  const password = "a long enough password";
  const hire = (email: string, name: string, role: string) =>
    execFileSync(
      "viertakt",
      ["people", "add", "--email", email, "--name", name, "--role", role, "--data", data],
      { env: { ...process.env, VIERTAKT_PASSWORD: password }, stdio: ["ignore", "ignore", "inherit"] },
    );
  hire("anna@example.com", "Anna de Vries", "admin");
  // Who asks, and the two who consent.
  hire("olga@example.com", "Olga Smit", "payments");
  hire("lena@example.com", "Lena Bakker", "payments_lead");
  hire("luuk@example.com", "Luuk Visser", "payments_lead");
  process.env.E2E_URL = url;
  process.env.E2E_EMAIL = "anna@example.com";
  process.env.E2E_PASSWORD = password;
  process.env.E2E_TEAM = "yes";
  return async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}

// Playwright asks for a default export.
// biome-ignore lint/style/noDefaultExport: as above
export default startServer;
