import { expect, test } from "@playwright/test";
import { credentials, expectAccessible, openWithdrawal, signInBeside, speak, url, WORDS } from "./console";

for (const language of ["nl", "en"] as const) {
  for (const scheme of ["light", "dark"] as const) {
    test.describe(`${language}, ${scheme}`, () => {
      test.use({ colorScheme: scheme, locale: language });

      test("sign in, find an operation, move it with a reason, see its history", async ({
        page,
        playwright,
      }) => {
        const words = WORDS[language];
        const service = await playwright.request.newContext();
        await signInBeside(service);
        const { reference } = await openWithdrawal(service);
        await speak(page, language);

        // By its name: other journeys open so many meanwhile that it may have left the first page.
        await page.goto(`${url()}/operations?q=reference:${reference}`);
        await expect(page.locator("html")).toHaveAttribute("lang", language);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectAccessible(page);
        const { email, password } = credentials();
        await page.getByLabel(words.email).fill(email);
        await page.getByLabel(words.password, { exact: true }).fill(password);
        await page.getByRole("button", { name: words.signIn }).click();

        await expect(page.getByRole("heading", { level: 1, name: words.operations })).toBeVisible();
        await expect(page.getByRole("row").filter({ hasText: reference })).toBeVisible();
        await expectAccessible(page);

        await page.keyboard.press("Control+k");
        await expect(page.getByRole("combobox", { name: words.find })).toBeFocused();
        await page.keyboard.type(reference);
        await page.keyboard.press("Enter");
        await expect(page.getByRole("heading", { level: 1 })).toContainText(reference);
        await expect(page.getByRole("tab", { name: words.timeline })).toBeVisible();
        await expectAccessible(page);

        await page.getByRole("button", { name: words.reject, exact: true }).click();
        const dialog = page.getByRole("dialog", { name: words.reject });
        await dialog.getByLabel(words.reason).selectOption({ index: 1 });
        await dialog.getByLabel(words.comment).fill("Same device as another player");
        await expectAccessible(page);
        await page.keyboard.press("Control+Enter");
        await expect(dialog).toBeHidden();

        await expect(page.getByRole("status").filter({ hasText: reference })).toContainText(words.releasing);
        await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
        const newest = page.getByRole("tabpanel").getByRole("listitem").first();
        await expect(newest).toContainText(words.releasing);
        await expect(newest).toContainText("Same device as another player");
        await expect(newest).toContainText("Anna de Vries");
        await expectAccessible(page);

        await page.getByRole("tab", { name: words.raw }).click();
        await expectAccessible(page);
        await service.dispose();
      });

      test("the faces of nothing: no result, no such operation, no such page", async ({ page }) => {
        const words = WORDS[language];
        await signInBeside(page.request);
        await speak(page, language);
        await page.goto(`${url()}/operations?q=subject:nobody-at-all`);
        await expect(page.getByRole("heading", { name: words.noResult })).toBeVisible();
        await expectAccessible(page);
        await page.goto(`${url()}/operations/01939f4e-7c1a-7b3e-9a51-3f0c8f2b6d10`);
        await expect(page.getByRole("heading", { name: words.notFound })).toBeVisible();
        await expectAccessible(page);
        await page.goto(`${url()}/nowhere`);
        await expect(page.getByRole("heading", { name: words.noPage })).toBeVisible();
        await expectAccessible(page);
      });
    });
  }
}
