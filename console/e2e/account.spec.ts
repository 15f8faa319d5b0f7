import { execFileSync } from "node:child_process";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { TOTP } from "otpauth";
import { credentials, expectAccessible, signInBeside, speak, url, WORDS } from "./console";

const MORE = {
  en: {
    account: "My account",
    setUp: "Set up an authenticator app",
    code: "Code",
    confirm: "Confirm",
    codes: "Your recovery codes",
    kept: "I have kept them",
    wrong: /This code is not right, or was used before/,
    left: /Recovery codes left: 9/,
    here: "This session",
    elsewhere: "Sign out everywhere else",
    still: "Is it still you?",
    provider: "Sign in with Company",
    again: "Finish",
  },
  nl: {
    account: "Mijn account",
    setUp: "Authenticator-app instellen",
    code: "Code",
    confirm: "Bevestigen",
    codes: "Uw herstelcodes",
    kept: "Ik heb ze bewaard",
    wrong: /Deze code klopt niet of is al gebruikt/,
    left: /Herstelcodes over: 9/,
    here: "Deze sessie",
    elsewhere: "Overal elders afmelden",
    still: "Bent u het nog?",
    provider: "Aanmelden met Company",
    again: "Finish",
  },
} as const;

test.skip(!process.env.E2E_DATA, "needs the people and the provider of start-server.ts");

/** A phone with an authenticator that has taken this secret. */
function phone(secret: string): TOTP {
  return new TOTP({ secret, algorithm: "SHA1", digits: 6, period: 30 });
}

function provedAnHourAgo(email: string): void {
  const sql = `UPDATE viertakt.session SET proved_at = now() - interval '1 hour'
    WHERE actor = (SELECT actor FROM viertakt.person WHERE email = '${email}')`;
  execFileSync("viertakt", ["psql", "--data", process.env.E2E_DATA ?? "", "-c", sql], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** An operation of a kind whose only transition asks for a fresh proof. */
async function openGuarded(request: APIRequestContext): Promise<string> {
  const kind = {
    kind: "guarded",
    label: { en: "Guarded", nl: "Bewaakt" },
    subject: { en: "Customer", nl: "Klant" },
    start: "open",
    stages: {
      open: { status: "pending", waiting_on: "operator" },
      done: { status: "success", final: "yes" },
    },
    transitions: { finish: { from: ["open"], to: "done", roles: ["admin"], step_up: true } },
    no_error: true,
    no_rejected: true,
  };
  const headers = { Origin: url() };
  const published = await request.put(`${url()}/v1/kinds/guarded`, { data: kind, headers });
  expect(published.ok()).toBe(true);
  const reference = `G-${process.pid}-${Date.now()}`;
  const opened = await request.post(`${url()}/v1/operations`, {
    data: { kind: "guarded", reference },
    headers,
  });
  return ((await opened.json()) as { id: string }).id;
}

for (const language of ["en", "nl"] as const) {
  const words = { ...WORDS[language], ...MORE[language] };

  async function typePassword(page: Page, email: string): Promise<void> {
    await page.getByLabel(words.email).fill(email);
    await page.getByLabel(words.password, { exact: true }).fill(credentials().password);
    await page.keyboard.press("Enter");
  }

  async function typeCode(page: Page, code: string): Promise<void> {
    await expect(page.getByRole("textbox", { name: words.code })).toBeFocused();
    await page.keyboard.type(code);
    await page.keyboard.press("Enter");
  }

  async function leave(page: Page): Promise<void> {
    await page.getByRole("button", { name: words.menu }).click();
    await page.getByRole("button", { name: words.signOut, exact: true }).click();
    await expect(page.getByRole("heading", { name: words.signIn })).toBeVisible();
  }

  test.describe(language, () => {
    test.use({ locale: language });

    test("an authenticator is set up, asked for at sign-in, and stood in for by a recovery code", async ({
      page,
      playwright,
    }) => {
      const email = `tess-${language}@example.com`;
      await speak(page, language);
      await page.goto(`${url()}/sign-in`);
      await typePassword(page, email);
      await page.getByRole("button", { name: words.menu }).click();
      await page.getByRole("link", { name: words.account }).click();
      await expect(page.getByRole("heading", { level: 1, name: words.account })).toBeVisible();
      await expect(page.getByText(words.here)).toBeVisible();
      await expectAccessible(page);

      await page.getByRole("button", { name: words.setUp }).click();
      const totp = phone((await page.locator("form code").textContent()) ?? "");
      await expectAccessible(page);
      await typeCode(page, totp.generate());
      const shown = page.getByRole("list", { name: words.codes }).getByRole("listitem");
      await expect(shown).toHaveCount(10);
      const codes = await shown.allTextContents();
      await expectAccessible(page);
      await page.getByRole("button", { name: words.kept }).click();

      await leave(page);
      await typePassword(page, email);
      await expect(page.getByRole("textbox", { name: words.code })).toBeFocused();
      await expectAccessible(page);
      await typeCode(page, "000000");
      await expect(page.getByRole("alert")).toContainText(words.wrong);
      // The code of the next half minute: the present one was used when it was set up.
      await typeCode(page, totp.generate({ timestamp: Date.now() + 30_000 }));
      await expect(page.getByRole("heading", { level: 1, name: words.operations })).toBeVisible();

      await leave(page);
      await typePassword(page, email);
      await typeCode(page, codes[0] ?? "");
      await expect(page.getByRole("heading", { level: 1, name: words.operations })).toBeVisible();

      const elsewhere = await playwright.request.newContext();
      const data = { ...credentials(), email, code: codes[1] };
      await elsewhere.post(`${url()}/v1/session`, { data, headers: { Origin: url() } });
      await page.goto(`${url()}/account`);
      await page.getByRole("button", { name: words.elsewhere }).click();
      await expect(page.getByRole("button", { name: words.elsewhere })).toBeHidden();
      expect((await elsewhere.get(`${url()}/v1/session`)).status()).toBe(401);
      await elsewhere.dispose();
    });

    test("a move that asks for it waits until the reader has proved who they are", async ({ page }) => {
      const email = `stef-${language}@example.com`;
      await signInBeside(page.request, email);
      await speak(page, language);
      const id = await openGuarded(page.request);
      await page.goto(`${url()}/operations/${id}`);
      await page.getByRole("button", { name: words.again, exact: true }).click();
      const dialog = page.getByRole("dialog", { name: words.again });
      await dialog.getByLabel(words.comment).fill("Checked twice");
      provedAnHourAgo(email);
      await dialog.getByRole("button", { name: words.again }).click();

      const asked = page.getByRole("dialog", { name: words.still });
      await expect(asked).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await expect(asked).toBeHidden();
      await expect(dialog.getByLabel(words.comment)).toHaveValue("Checked twice");

      await dialog.getByRole("button", { name: words.again }).click();
      await asked.getByLabel(words.password, { exact: true }).fill("not the password");
      await page.keyboard.press("Enter");
      await expect(asked.getByRole("alert")).toBeVisible();
      await asked.getByLabel(words.password, { exact: true }).fill(credentials().password);
      await page.keyboard.press("Enter");
      await expect(asked).toBeHidden();
      await expect(dialog).toBeHidden();
      await expect(page.getByText("Checked twice")).toBeVisible();
      await expect(page.getByRole("dialog", { name: words.ended })).toBeHidden();
    });

    test("somebody comes in by a provider, as what their groups say", async ({ page }) => {
      await speak(page, language);
      await page.goto(`${url()}/approvals`);
      const button = page.getByRole("link", { name: words.provider });
      await expect(button).toBeVisible();
      await expectAccessible(page);
      await button.click();
      await page.locator("input[name=login]").fill("pim");
      await page.locator("input[name=password]").fill("any");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Continue" }).click();
      await expect(page).toHaveURL(`${url()}/approvals`);
      await expect(page.getByRole("button", { name: words.menu })).toContainText("Pim Prins");
      await page.goto(`${url()}/account`);
      await expect(page.getByText("Company")).toBeVisible();
      await expectAccessible(page);
    });
  });
}

test("no page does what its own policy forbids", async ({ page }) => {
  const broken: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) broken.push(message.text());
  });
  await signInBeside(page.request);
  for (const path of [
    "operations",
    "overview",
    "reports/statuses",
    "approvals",
    "account",
    "frozen-reports",
  ]) {
    await page.goto(`${url()}/${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.waitForLoadState("networkidle");
  }
  expect(broken).toEqual([]);
});
