import { expect, test } from "@playwright/test";
import { expectAccessible, openWithdrawal, signInBeside, speak, url } from "./console";

const WORDS = {
  en: {
    add: "Add a person",
    addNow: "Add",
    name: "Name",
    email: "E-mail",
    roles: "Roles",
    support: "Support",
    kept: "I have kept it",
    forgotten: /^Reset password: /,
    reset: /^Reset the password of/,
    makeUp: "Make up a password",
    deactivate: "Deactivate",
    deactivated: "Deactivated",
    role: "Role",
    make: "Make a role",
    makeNow: "Make",
    english: "Name in English",
    dutch: "Name in Dutch",
    grant: "Add a grant",
    notes: "Write notes",
    ticket: "Support ticket",
    where: "Only where",
    save: "Save",
    effect: "What it does",
    look: "Look through its eyes",
    looking: /You look through the eyes of/,
    noMore: "End the look",
    withdraw: "Withdraw",
    remove: "Remove the role",
    removeNow: "Remove",
    signIns: /^Sign-ins of/,
    signedIn: /^Where .* is signed in$/,
    everywhere: "Sign out everywhere",
    nowhere: "Nowhere at the moment.",
    operations: "Operations",
    auditor: "Auditor",
    matrix: "Permissions by role",
    sees: /What it sees now/,
    issue: "Issue a token",
    issueNow: "Issue",
    revoke: "Revoke",
    revoked: /Revoked/,
    what: "What",
    added: "Person added",
    review: "Review who may what",
    sign: "Sign: this is right",
    reviewed: /last reviewed by Anna/,
    data: "Data",
    reveal: "Reveal…",
    revealNow: "Reveal",
    reason: "Reason",
    hidden: "hidden",
    revealed: "Personal data revealed",
  },
  nl: {
    add: "Persoon toevoegen",
    addNow: "Toevoegen",
    name: "Naam",
    email: "E-mail",
    roles: "Rollen",
    support: "Klantenservice",
    kept: "Ik heb het bewaard",
    forgotten: /^Wachtwoord opnieuw instellen: /,
    reset: /^Wachtwoord van .* opnieuw instellen$/,
    makeUp: "Wachtwoord bedenken",
    deactivate: "Deactiveren",
    deactivated: "Gedeactiveerd",
    role: "Rol",
    make: "Rol maken",
    makeNow: "Maken",
    english: "Naam in het Engels",
    dutch: "Naam in het Nederlands",
    grant: "Recht toevoegen",
    notes: "Notities schrijven",
    ticket: "Supportticket",
    where: "Alleen waar",
    save: "Opslaan",
    effect: "Wat dit doet",
    look: "Door haar ogen kijken",
    looking: /U kijkt door de ogen van/,
    noMore: "Niet meer meekijken",
    withdraw: "Intrekken",
    remove: "De rol verwijderen",
    removeNow: "Verwijderen",
    signIns: /^Aanmeldingen van/,
    signedIn: /^Waar .* is aangemeld$/,
    everywhere: "Overal afmelden",
    nowhere: "Op dit moment nergens.",
    operations: "Zaken",
    auditor: "Auditor",
    matrix: "Rechten per rol",
    sees: /Wat deze rol nu ziet/,
    issue: "Token uitgeven",
    issueNow: "Uitgeven",
    revoke: "Intrekken",
    revoked: /Ingetrokken/,
    what: "Wat",
    added: "Persoon toegevoegd",
    review: "Controleren wie wat mag",
    sign: "Ondertekenen: dit klopt",
    reviewed: /het laatst gecontroleerd door Anna/,
    data: "Gegevens",
    reveal: "Tonen…",
    revealNow: "Tonen",
    reason: "Reden",
    hidden: "verborgen",
    revealed: "Persoonsgegevens getoond",
  },
} as const;

let hired = 0;

for (const language of ["en", "nl"] as const) {
  const words = WORDS[language];
  test.describe(language, () => {
    test.use({ locale: language });

    test.beforeEach(async ({ page }) => {
      await signInBeside(page.request);
      await speak(page, language);
    });

    test("somebody is added with a password that is shown once, and leaves again", async ({ page }) => {
      hired += 1;
      const name = `Nora ${language} ${hired}`;
      await page.goto(`${url()}/people`);
      await page.getByRole("button", { name: words.add }).click();
      const dialog = page.getByRole("dialog", { name: words.add });
      await dialog.getByLabel(words.name).fill(name);
      await dialog.getByLabel(words.email).fill(`${language}-${Date.now()}@example.com`);
      await dialog.getByLabel(words.support, { exact: true }).check();
      await expectAccessible(page);
      await dialog.getByRole("button", { name: words.addNow, exact: true }).click();
      const shown = page.getByRole("dialog").filter({ has: page.locator("code") });
      await expect(shown.locator("code")).toContainText(/^[a-z0-9]{5}(-[a-z0-9]{5}){3}$/);
      await expectAccessible(page);
      await shown.getByRole("button", { name: words.kept }).click();
      const row = page.getByRole("row").filter({ hasText: name });
      await expect(row).toContainText(words.support);
      await row.getByRole("button", { name: `${words.roles}`, exact: false }).click();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await row.getByRole("button", { name: words.forgotten }).click();
      const reset = page.getByRole("dialog", { name: words.reset });
      await reset.getByLabel(words.reason).fill("Asked at the desk");
      await expectAccessible(page);
      await reset.getByRole("button", { name: words.makeUp }).click();
      await expect(shown.locator("code")).toContainText(/^[a-z0-9]{5}(-[a-z0-9]{5}){3}$/);
      await shown.getByRole("button", { name: words.kept }).click();
      await row.getByRole("button", { name: new RegExp(words.deactivate, "i") }).click();
      const leaving = page.getByRole("dialog").filter({ hasText: name });
      await expectAccessible(page);
      await leaving.getByRole("button", { name: words.deactivate, exact: true }).click();
      await expect(row).toContainText(words.deactivated);
      await expectAccessible(page);
    });

    test("roles stand in a matrix, and one stands alone", async ({ page }) => {
      await page.goto(`${url()}/roles`);
      await expect(page.getByRole("region", { name: words.matrix })).toBeVisible();
      await expectAccessible(page);
      await page.getByLabel(words.role, { exact: true }).selectOption({ label: words.auditor });
      await expect(page).toHaveURL(/role=auditor/);
      await expect(page.getByRole("heading", { name: words.sees })).toBeVisible();
      await expectAccessible(page);
    });

    test("a role is made, granted something, looked through, and removed", async ({ page }) => {
      const code = `night_${language}_${Date.now()}`;
      const brand = `night-${language}-${Date.now()}`;
      const opening = { kind: "ticket", reference: code, brand };
      const headers = { Origin: url() };
      const opened = await page.request.post(`${url()}/v1/operations`, { data: opening, headers });
      expect(opened.status()).toBe(201);
      await page.goto(`${url()}/roles`);
      await page.getByRole("button", { name: words.make }).click();
      const making = page.getByRole("dialog", { name: words.make });
      await making.getByLabel(words.english).fill(code);
      await making.getByLabel(words.dutch).fill(code);
      await expectAccessible(page);
      await making.getByRole("button", { name: words.makeNow, exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`role=${code}`));

      await page.getByRole("button", { name: words.grant }).click();
      const granting = page.getByRole("dialog").filter({ hasText: code });
      await granting.getByLabel(words.notes).check();
      await granting.getByLabel(words.ticket, { exact: true }).check();
      await granting.getByLabel(words.where).fill(`brand:${brand}`);
      const effect = granting.getByRole("region", { name: words.effect });
      await expect(effect).toContainText(words.notes);
      await expectAccessible(page);
      await granting.getByRole("button", { name: words.save, exact: true }).click();
      await expect(page.getByRole("listitem").filter({ hasText: `brand:${brand}` })).toBeVisible();
      await expectAccessible(page);

      await page.getByRole("button", { name: words.look }).click();
      const banner = page.getByRole("status").filter({ hasText: words.looking });
      await expect(banner).toContainText(code);
      await expect(page.getByRole("heading", { level: 1, name: words.operations })).toBeVisible();
      await expect(page.locator("tbody tr")).toHaveCount(1);
      await page.getByRole("link", { name: code }).click();
      await expect(page.getByRole("heading", { level: 1 }).filter({ hasText: code })).toBeVisible();
      await expect(banner).toBeVisible();
      await expectAccessible(page);
      const refused = await page.request.post(`${url()}/v1/operations`, { data: opening, headers });
      expect(refused.status()).toBe(403);
      await page.getByRole("button", { name: words.noMore }).click();

      await expect(page).toHaveURL(new RegExp(`role=${code}`));
      await expect(banner).toHaveCount(0);
      await page.getByRole("button", { name: words.remove }).click();
      const removing = page.getByRole("dialog").filter({ hasText: code });
      await removing.getByRole("button", { name: words.removeNow, exact: true }).click();
      await expect(page.getByRole("region", { name: words.matrix })).toBeVisible();
      await expect(page.getByRole("columnheader", { name: code })).toHaveCount(0);
    });

    test("a token is shown once and revoked", async ({ page }) => {
      const name = `till ${language} ${Date.now()}`;
      await page.goto(`${url()}/tokens`);
      await page.getByRole("button", { name: words.issue }).click();
      const dialog = page.getByRole("dialog", { name: words.issue });
      await dialog.getByLabel(words.name).fill(name);
      await expectAccessible(page);
      await dialog.getByRole("button", { name: words.issueNow, exact: true }).click();
      const shown = page.getByRole("dialog").filter({ has: page.locator("code") });
      await expect(shown.locator("code")).toContainText(/^vt_[0-9A-Za-z]{36}$/);
      const secret = (await shown.locator("code").textContent()) ?? "";
      await shown.getByRole("button", { name: words.kept }).click();
      const row = page.getByRole("row").filter({ hasText: name });
      await expect(row).toContainText(secret.slice(-4));
      await expect(page.locator("body")).not.toContainText(secret);
      await row.getByRole("button", { name: new RegExp(words.revoke, "i") }).click();
      await page.getByRole("dialog").getByRole("button", { name: words.revoke, exact: true }).click();
      await expect(row).toContainText(words.revoked);
      await expectAccessible(page);
    });

    test("a personal value is hidden until somebody says why they need it, and that is kept", async ({
      page,
    }) => {
      const { id } = await openWithdrawal(page.request);
      const amended = await page.request.patch(`${url()}/v1/operations/${id}`, {
        data: { attributes: { iban: "NL91ABNA0417164300" } },
        headers: { Origin: url() },
      });
      expect(amended.ok()).toBe(true);
      await page.goto(`${url()}/operations/${id}`);
      await page.getByRole("tab", { name: words.data }).click();
      await expect(page.getByRole("img", { name: words.hidden })).toBeVisible();
      await expect(page.locator("body")).not.toContainText("NL91");
      await expectAccessible(page);
      await page.getByRole("button", { name: words.reveal }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(words.reason).fill("Asks where it went");
      await expectAccessible(page);
      await dialog.getByRole("button", { name: words.revealNow, exact: true }).click();
      await expect(page.getByText("NL91ABNA0417164300")).toBeVisible();
      await page.goto(`${url()}/audit`);
      await page.getByLabel(words.what, { exact: true }).selectOption({ label: words.revealed });
      await expect(page.getByRole("row").nth(1)).toContainText("Asks where it went");
      await expectAccessible(page);
    });

    test("where somebody is signed in is seen, and ended", async ({ page, playwright }) => {
      const email = `iris-${language}-${Date.now()}@example.com`;
      const name = `Iris ${language} ${Date.now()}`;
      const headers = { Origin: url() };
      const added = await page.request.post(`${url()}/v1/people`, {
        data: { email, name, roles: ["support"] },
        headers,
      });
      const { password } = (await added.json()) as { password: string };
      const elsewhere = await playwright.request.newContext();
      const begun = await elsewhere.post(`${url()}/v1/session`, { data: { email, password }, headers });
      expect(begun.status()).toBe(201);
      await page.goto(`${url()}/people`);
      const row = page.getByRole("row").filter({ hasText: name });
      await row.getByRole("link", { name: words.signIns }).click();
      await expect(page.getByRole("table", { name: words.signedIn }).getByRole("row")).toHaveCount(2);
      await expectAccessible(page);
      await page.getByRole("button", { name: words.everywhere }).click();
      await expect(page.getByText(words.nowhere)).toBeVisible();
      expect((await elsewhere.get(`${url()}/v1/session`)).status()).toBe(401);
      await elsewhere.dispose();
    });

    test("who may what is reviewed and signed", async ({ page }) => {
      await page.goto(`${url()}/audit`);
      await page.getByRole("button", { name: words.review }).click();
      const dialog = page.getByRole("dialog");
      await expect(dialog.getByRole("row").nth(1)).toBeVisible();
      await expectAccessible(page);
      await dialog.getByRole("button", { name: words.sign }).click();
      await expect(page.getByText(words.reviewed)).toBeVisible();
      await expectAccessible(page);
    });
  });
}

test("administration, queue and bulk are accessible on a phone in the dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await signInBeside(page.request);
  await speak(page, "en");
  for (const path of [
    "people",
    "roles",
    "roles?role=support",
    "tokens",
    "sign-ins",
    "audit",
    "queue",
    "bulk",
  ]) {
    await page.goto(`${url()}/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("main[aria-busy=true]")).toHaveCount(0);
    await expectAccessible(page);
  }
});
