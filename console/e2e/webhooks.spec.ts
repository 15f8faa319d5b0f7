import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { expectAccessible, type Language, openWithdrawal, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    title: "Webhooks",
    add: "Add an endpoint",
    address: "Address",
    name: "Name",
    save: "Add",
    secret: /^Secret of/,
    kept: "I have kept it",
    test: "Send a test",
    delivered: "Delivered",
    attempts: /^Attempts of delivery/,
    again: /^Send again: delivery/,
    send: "Send again",
    everything: "Send everything since…",
    since: "Since",
    position: "Position",
    refused: "not one to send to",
    change: "Change…",
    alerts: "Alerts and incidents",
    changes: "Changes of operations",
    keep: "Save",
    fresh: "New secret…",
    hours: "For how many hours more the old one works",
    make: "Make the secret",
    off: "Switch off",
    on: "Switch on",
    isOff: /Switched off.*since/,
    end: "End…",
    ends: "End",
    gone: "Not found",
  },
  nl: {
    title: "Webhooks",
    add: "Eindpunt toevoegen",
    address: "Adres",
    name: "Naam",
    save: "Toevoegen",
    secret: /^Geheim van/,
    kept: "Ik heb het bewaard",
    test: "Test versturen",
    delivered: "Bezorgd",
    attempts: /^Pogingen van bezorging/,
    again: /^Opnieuw versturen: bezorging/,
    send: "Opnieuw versturen",
    everything: "Alles versturen sinds…",
    since: "Sinds",
    position: "Positie",
    refused: "not one to send to",
    change: "Wijzigen…",
    alerts: "Afwijkingen en incidenten",
    changes: "Wijzigingen van zaken",
    keep: "Opslaan",
    fresh: "Nieuw geheim…",
    hours: "Hoeveel uur het oude nog werkt",
    make: "Geheim maken",
    off: "Uitzetten",
    on: "Aanzetten",
    isOff: /Uitgezet.*sinds/,
    end: "Beëindigen…",
    ends: "Beëindigen",
    gone: "Niet gevonden",
  },
} as const;

async function receive(): Promise<{ at: string; got: string[]; server: Server }> {
  const got: string[] = [];
  const server = createServer((request, response) => {
    got.push(String(request.headers["webhook-id"]));
    request.resume().on("end", () => response.end("thank you"));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { at: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got, server };
}

for (const language of ["en", "nl"] as const satisfies readonly Language[]) {
  test(`an endpoint is added, tested, told, and told again (${language})`, async ({ page }) => {
    const words = WORDS[language];
    const { at, got, server } = await receive();
    await signInBeside(page.request);
    await speak(page, language);
    await page.goto(`${url()}/webhooks`);
    await expect(page.getByRole("heading", { level: 1, name: words.title })).toBeVisible();
    await expectAccessible(page);

    await page.getByRole("button", { name: words.add }).click();
    const dialog = page.getByRole("dialog", { name: words.add });
    await dialog.getByLabel(words.address).fill("ftp://example.com/");
    await dialog.getByRole("button", { name: words.save, exact: true }).click();
    await expect(dialog.getByRole("alert")).toContainText(words.refused);
    await dialog.getByLabel(words.address).fill(at);
    // Of a brand of its own: it is told of nothing that other journeys do.
    await dialog.getByLabel("Filter").fill(`brand:hooks-${language}`);
    await dialog.getByLabel(words.name).fill(`Ledger ${language}`);
    await expectAccessible(page);
    await dialog.getByRole("button", { name: words.save, exact: true }).click();
    const secret = page.getByRole("dialog", { name: words.secret });
    await expect(secret).toContainText("whsec_");
    await secret.getByRole("button", { name: words.kept }).click();

    await page.getByRole("link", { name: `Ledger ${language}` }).click();
    await page.getByRole("button", { name: words.test }).click();
    const { reference } = await openWithdrawal(page.request, `hooks-${language}`);
    const row = page.getByRole("row").filter({ hasText: reference });
    await expect(row.first()).toContainText(words.delivered);
    await row.first().getByRole("button", { name: words.attempts }).click();
    await expect(page.getByText("thank you").first()).toBeVisible();
    await expectAccessible(page);

    const before = got.length;
    await row.first().getByRole("button", { name: words.again }).click();
    await page.getByRole("dialog").getByRole("button", { name: words.send }).click();
    await expect.poll(() => got.length).toBeGreaterThan(before);
    expect(got.slice(0, before)).toContain(got.at(-1));

    const told = got.length;
    await page.getByRole("button", { name: words.everything }).click();
    const since = page.getByRole("dialog", { name: words.everything.slice(0, -1) });
    await since.getByLabel(words.since, { exact: true }).selectOption("after");
    await since.getByLabel(words.position, { exact: true }).fill("no position");
    await expect(since.getByRole("alert")).toBeVisible();
    await since.getByLabel(words.position, { exact: true }).fill("1.0");
    await expect(since.getByRole("status")).toContainText("1");
    await expectAccessible(page);
    await since.getByRole("button", { name: words.send }).click();
    await expect.poll(() => got.length).toBeGreaterThan(told);
    await expect(since).toBeHidden();

    await page.getByRole("button", { name: words.change, exact: true }).click();
    const changing = page.getByRole("dialog");
    await changing.getByLabel(words.alerts).check();
    await changing.getByLabel(words.changes).uncheck();
    await expect(changing.getByLabel("Filter")).toBeHidden();
    await expectAccessible(page);
    await changing.getByRole("button", { name: words.keep }).click();
    await expect(page.getByRole("definition").filter({ hasText: words.alerts })).toBeVisible();
    await expect(page.getByRole("button", { name: words.change, exact: true })).toBeFocused();

    await page.getByRole("button", { name: words.fresh }).click();
    await expect(changing.getByLabel(words.hours)).toHaveValue("24");
    await changing.getByLabel(words.hours).fill("2");
    await expectAccessible(page);
    await changing.getByRole("button", { name: words.make }).click();
    await secret.getByRole("button", { name: words.kept }).click();
    await expect(page.getByRole("button", { name: words.fresh })).toBeFocused();

    await page.getByRole("button", { name: words.off }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: words.on })).toBeFocused();
    await expect(page.getByRole("definition").filter({ hasText: words.isOff })).toBeVisible();
    await expectAccessible(page);
    const ended = page.url();
    await page.keyboard.press("g");
    await page.keyboard.press("w");
    await expect(page).toHaveURL(/\/webhooks$/);
    await expect(page.getByRole("row").filter({ hasText: words.isOff }).first()).toBeVisible();
    await expectAccessible(page);

    await page.goBack();
    await page.getByRole("button", { name: words.end, exact: true }).click();
    await changing.getByRole("button", { name: words.ends, exact: true }).click();
    await expect(page).toHaveURL(/\/webhooks$/);
    await page.goBack();
    await expect(page).toHaveURL(ended);
    await expect(page.getByRole("heading", { level: 1, name: words.gone })).toBeVisible();
    server.close();
  });
}

test("who may make no endpoints is told so, and offered none", async ({ page }) => {
  test.skip(!process.env.E2E_TEAM, "needs the people that start-server.ts hires");
  await signInBeside(page.request, "sara@example.com");
  await speak(page, "en");
  await page.goto(`${url()}/webhooks`);
  await expect(page.getByRole("heading", { name: "Your roles do not show endpoints" })).toBeVisible();
  await expect(page.getByRole("button", { name: WORDS.en.add })).toBeHidden();
  await expectAccessible(page);
});
