import { createHmac } from "node:crypto";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { expectAccessible, type Language, signInBeside, speak, url } from "./console";

const SECRET = "whsec_of_this_journey";

const WORDS = {
  en: {
    connect: "Connect a provider",
    name: "Name",
    save: "Save",
    another: "Another secret",
    add: "Add",
    kept: "The secret is kept, sealed",
    tryAt: "Try a payload at",
    payload: "Payload",
    tryNow: "Try",
    parked: "Parked",
    applied: "Applied",
    refused: /^Refused/,
    wrong: "Wrong signature",
    masked: /only what the mapping reads is shown/,
    reveal: "Reveal",
    erase: "Erase",
    erased: /^Erased/,
    reported: "What providers reported",
    own: "A mapping of its own instead of the ready one",
    change: /^Change stripe/,
    mapping: "Mapping (YAML)",
  },
  nl: {
    connect: "Aanbieder koppelen",
    name: "Naam",
    save: "Opslaan",
    another: "Nog een geheim",
    add: "Toevoegen",
    kept: "Het geheim is verzegeld bewaard",
    tryAt: "Inhoud proberen bij",
    payload: "Inhoud",
    tryNow: "Proberen",
    parked: "Geparkeerd",
    applied: "Verwerkt",
    refused: /^Geweigerd/,
    wrong: "Onjuiste handtekening",
    masked: /alleen wat de mapping leest wordt getoond/,
    reveal: "Tonen",
    erase: "Wissen",
    erased: /^Gewist/,
    reported: "Wat aanbieders meldden",
    own: "Een eigen mapping in plaats van de kant-en-klare",
    change: /^stripe-nl wijzigen/,
    mapping: "Mapping (YAML)",
  },
} as const;

function succeeded(reference: string): string {
  const object = {
    id: `pi_${reference}`,
    amount_received: 1200,
    currency: "eur",
    receipt_email: "anna@example.com",
    metadata: { reference },
  };
  const event = { id: `evt_${reference}`, type: "payment_intent.succeeded", created: 1764000002 };
  return JSON.stringify({ ...event, data: { object } });
}

async function deliver(request: APIRequestContext, source: string, body: string, secret = SECRET) {
  const at = Math.floor(Date.now() / 1000);
  const v1 = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return request.post(`${url()}/v1/signals/${source}`, {
    data: body,
    headers: { "content-type": "application/json", "stripe-signature": `t=${at},v1=${v1}` },
  });
}

async function deposit(request: APIRequestContext, reference: string): Promise<void> {
  const made = await request.post(`${url()}/v1/operations`, {
    data: { kind: "deposit", reference, amount: { value: "12.00", currency: "EUR" } },
    headers: { Origin: url() },
  });
  expect(made.status()).toBe(201);
}

for (const language of ["en", "nl"] as Language[]) {
  const words = WORDS[language];
  const source = `stripe-${language}`;

  async function connectByKeys(page: Page): Promise<void> {
    await page.goto(`${url()}/sources`);
    await page.getByRole("button", { name: words.connect }).first().focus();
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await page.getByLabel(words.name).waitFor();
    await page.keyboard.type(source);
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await page.getByLabel(words.another).waitFor();
    await page.getByLabel(words.another).focus();
    await page.keyboard.type(SECRET);
    await page.keyboard.press("Enter");
    await expect(page.getByText(words.kept)).toBeAttached();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(page.getByText(SECRET)).toHaveCount(0);
  }

  /** All of a payload, for a reason; and then gone. */
  async function revealAndErase(page: Page): Promise<void> {
    for (const act of [words.reveal, words.erase]) {
      await page.getByRole("button", { name: `${act}…` }).click();
      await page.getByRole("dialog").getByRole("textbox").fill("The customer asks");
      await expectAccessible(page);
      await page.keyboard.press("Enter");
      const shown = page.getByText(act === words.reveal ? "anna@example.com" : words.erased);
      await expect(shown).toBeVisible();
    }
    await expect(page.getByText("anna@example.com")).toHaveCount(0);
    await expectAccessible(page);
  }

  test(`a provider is connected, reports, and is looked at (${language})`, async ({ page, request }) => {
    await speak(page, language);
    await signInBeside(page.request);
    await connectByKeys(page);
    const reference = `S-${language}-${Date.now()}`;

    // What would it do? Nothing is there yet: it would wait.
    await page.getByRole("button", { name: `${words.tryAt} ${source}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: words.payload }).fill(succeeded(reference));
    await dialog.getByRole("button", { name: words.tryNow, exact: true }).click();
    await expect(dialog.getByText(words.parked)).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    // It is reported before its operation is opened, once by somebody else, and then applied.
    expect((await deliver(request, source, succeeded(reference))).status()).toBe(202);
    expect((await deliver(request, source, succeeded(reference), "forged")).status()).toBe(401);
    await page.goto(`${url()}/signals?source=${source}&state=parked`);
    await expect(page.getByRole("cell", { name: reference })).toBeVisible();
    await expectAccessible(page);
    await deposit(page.request, reference);
    await page.goto(`${url()}/signals?source=${source}`);
    await expect(page.getByRole("cell", { name: words.applied })).toBeVisible();
    await page.getByRole("link", { name: "payment_intent.succeeded" }).click();
    await expect(page.getByText(words.masked)).toBeVisible();
    await expect(page.getByText("anna@example.com")).toHaveCount(0);
    await expect(page.getByText(`pi_${reference}`)).toBeVisible();
    await expectAccessible(page);
    await revealAndErase(page);
    await page.getByRole("link", { name: reference }).click();
    await page.getByRole("link", { name: words.reported }).click();
    await expect(page.getByRole("cell", { name: words.applied })).toHaveCount(1);
    await page.goto(`${url()}/signals?source=${source}`);
    await page.getByRole("link", { name: words.refused }).click();
    await expect(page.getByRole("cell", { name: words.wrong })).toBeVisible();
    await expectAccessible(page);
  });

  test(`a mapping with faults is refused with all of them (${language})`, async ({ page }) => {
    await speak(page, language);
    await signInBeside(page.request);
    const made = await page.request.put(`${url()}/v1/sources/${source}`, {
      data: { scheme: "stripe" },
      headers: { Origin: url() },
    });
    expect(made.status()).toBe(200);
    await page.goto(`${url()}/sources`);
    await page.getByRole("button", { name: words.change }).click();
    await page.getByLabel(words.own).check();
    await page
      .getByLabel(words.mapping)
      .fill("codes: paypal\nrules: [{when: 'a[', kind: deposit, outcome: success}]");
    await page.getByRole("button", { name: words.save }).click();
    const faults = page.getByRole("alert").getByRole("listitem");
    await expect(faults).toHaveCount(3);
    await expect(faults.first()).toContainText("/rules/0/when");
    await expectAccessible(page);
  });
}
