// A server for the journeys: the one that E2E_URL names, with E2E_EMAIL and E2E_PASSWORD of an administrator;
// without E2E_URL, `viertakt up` over a fresh database that is gone afterwards.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_WITHIN = 120_000;

async function startServer(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.E2E_URL) return undefined;
  const data = mkdtempSync(join(tmpdir(), "viertakt-e2e-"));
  // Known before it listens: the provider sends browsers back to no other address.
  const port = await freePort();
  const back = `http://127.0.0.1:${port}/v1/sign-in/providers/company/callback`;
  const provider = await startProvider(back);
  const server = spawn("viertakt", ["up", "--data", data, "--port", String(port), "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      VIERTAKT_SIGN_IN_PROVIDERS: providerSetting(provider.issuer),
      // Nobody who watches a test wants to wait for it.
      VIERTAKT_BULK_COUNTDOWN: "1",
      // The receivers of webhooks are on this machine.
      VIERTAKT_WEBHOOK_ALLOW: "127.0.0.0/8",
    },
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
  withoutChecks("withdrawal", data);
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
  // Who is away, and who stands in.
  hire("bram@example.com", "Bram Kok", "payments_lead");
  hire("sara@example.com", "Sara Mulder", "support");
  process.env.E2E_URL = url;
  process.env.E2E_EMAIL = "anna@example.com";
  process.env.E2E_PASSWORD = password;
  process.env.E2E_TEAM = "yes";
  process.env.E2E_DATA = data;
  // Who begin with an authenticator, each in one language.
  hire("tess-en@example.com", "Tess Mol", "admin");
  hire("tess-nl@example.com", "Tess Mol", "admin");
  hire("stef-en@example.com", "Stef Bos", "admin");
  hire("stef-nl@example.com", "Stef Bos", "admin");
  return async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
    provider.stop();
    rmSync(data, { recursive: true, force: true });
  };
}

/** A version of a kind whose operations wait for people: most journeys are about those, and checks would be quicker. */
function withoutChecks(kind: string, data: string): void {
  const shown = execFileSync("viertakt", ["kinds", "show", kind, "--json", "--data", data], {
    encoding: "utf8",
  });
  const { kind: document } = JSON.parse(shown) as { kind: { stages: Record<string, { checks?: unknown }> } };
  for (const stage of Object.values(document.stages)) delete stage.checks;
  const file = join(data, `${kind}.json`);
  writeFileSync(file, JSON.stringify(document));
  execFileSync("viertakt", ["kinds", "publish", file, "--data", data], { stdio: "ignore" });
}

/** A certified OpenID provider that knows one person and takes any password. */
async function startProvider(back: string): Promise<{ issuer: string; stop: () => void }> {
  const people = {
    pim: { email: "pim@example.com", email_verified: true, name: "Pim Prins", groups: ["payers"] },
  };
  const provider = spawn(
    process.execPath,
    [join(import.meta.dirname, "openid-provider.mjs"), JSON.stringify({ redirectUris: [back], people })],
    { stdio: ["pipe", "pipe", "ignore"] },
  );
  const line = await new Promise<string>((resolve, reject) => {
    provider.once("exit", (code) => reject(new Error(`the OpenID provider ended with ${code}`)));
    createInterface({ input: provider.stdout }).once("line", resolve);
  });
  return { issuer: (JSON.parse(line) as { issuer: string }).issuer, stop: () => provider.kill() };
}

function providerSetting(issuer: string): string {
  return JSON.stringify([
    {
      name: "company",
      label: "Company",
      issuer,
      client_id: "viertakt",
      client_secret: "openid-secret",
      scopes: ["openid", "email", "profile", "groups"],
      roles: { payers: ["payments"] },
      add_people: true,
    },
  ]);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

// Playwright asks for a default export.
// biome-ignore lint/style/noDefaultExport: as above
export default startServer;
