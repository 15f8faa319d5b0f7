import AxeBuilder from "@axe-core/playwright";
import { type APIRequestContext, expect, type Page } from "@playwright/test";

export type Language = "en" | "nl";

export function url(): string {
  const given = process.env.E2E_URL;
  if (!given) throw new Error("E2E_URL is not set");
  return given.replace(/\/$/, "");
}

export function credentials(): { email: string; password: string } {
  const { E2E_EMAIL: email, E2E_PASSWORD: password } = process.env;
  if (!email || !password) throw new Error("E2E_EMAIL and E2E_PASSWORD are not set");
  return { email, password };
}

/** The words that an operator sees, as these tests look for them. */
export const WORDS = {
  en: {
    signIn: "Sign in",
    email: "E-mail",
    password: "Password",
    operations: "Operations",
    find: "Find an operation, a page or a command",
    reject: "Reject",
    reason: /^Reason/,
    comment: /^Comment/,
    releasing: "Releasing funds",
    pending: "Pending",
    timeline: "Timeline",
    raw: "Raw",
    meanwhile: /Changed in the meantime by Anna/,
    noResult: "No operation fits this filter",
    noPage: "There is no page at this address",
    notFound: "Not found",
    ended: "Your session has ended",
    signOut: "Sign out",
    menu: /settings and sign out/,
  },
  nl: {
    signIn: "Aanmelden",
    email: "E-mail",
    password: "Wachtwoord",
    operations: "Zaken",
    find: "Zoek een zaak, een pagina of een opdracht",
    reject: "Afwijzen",
    reason: /^Reden/,
    comment: /^Toelichting/,
    releasing: "Saldo wordt vrijgegeven",
    pending: "In afwachting",
    timeline: "Tijdlijn",
    raw: "Ruw",
    meanwhile: /Intussen gewijzigd door Anna/,
    noResult: "Geen zaak voldoet aan dit filter",
    noPage: "Op dit adres staat geen pagina",
    notFound: "Niet gevonden",
    ended: "Uw sessie is beëindigd",
    signOut: "Afmelden",
    menu: /instellingen en afmelden/,
  },
} as const;

export async function speak(page: Page, language: Language): Promise<void> {
  await page.addInitScript((chosen) => {
    localStorage.setItem("viertakt.preferences", JSON.stringify({ language: chosen }));
    localStorage.setItem("viertakt.language", chosen);
  }, language);
}

/** Signs in without the page, for tests that are not about signing in. */
export async function signInBeside(request: APIRequestContext, email?: string): Promise<void> {
  const answer = await request.post(`${url()}/v1/session`, {
    data: { ...credentials(), ...(email ? { email } : {}) },
    headers: { Origin: url() },
  });
  expect(answer.ok()).toBe(true);
}

export type Opened = { id: string; reference: string };

let opened = 0;

/** A fresh withdrawal, opened over the API as a service would. */
export async function openWithdrawal(request: APIRequestContext, brand = "casino-nl"): Promise<Opened> {
  opened += 1;
  const reference = `E-${process.pid}-${Date.now()}-${opened}`;
  const answer = await request.post(`${url()}/v1/operations`, {
    data: {
      kind: "withdrawal",
      reference,
      subject: "player-7",
      brand,
      amount: { value: "2450.00", currency: "EUR" },
    },
    headers: { Origin: url() },
  });
  expect(answer.status()).toBe(201);
  return { id: ((await answer.json()) as { id: string }).id, reference };
}

export async function move(request: APIRequestContext, id: string, transition: string): Promise<void> {
  const answer = await request.post(`${url()}/v1/operations/${id}/moves`, {
    data: { transition },
    headers: { Origin: url() },
  });
  expect(answer.status()).toBe(201);
}

/** No violation of any rule that axe knows, on what stands there now. */
export async function expectAccessible(page: Page): Promise<void> {
  // What fades in is judged when it is there; what turns while something waits never ends.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((one) => one.playState !== "running" || one.effect?.getTiming().iterations === Infinity),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(
    (one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => node.html).join("\n  ")}`,
  );
  expect(told).toEqual([]);
}

/** How many operations the list says it holds: what its chosen tabs add up to. */
export async function listed(page: Page): Promise<number> {
  const tabs = page.getByRole("navigation", { name: "Status" }).locator("[aria-current=true]");
  await expect(tabs.first()).toContainText(/\d/);
  const texts = await tabs.allTextContents();
  return texts.reduce((sum, text) => sum + Number(text.replaceAll(/\D/g, "")), 0);
}
