import { expect, test } from "@playwright/test";
import {
  credentials,
  expectAccessible,
  move,
  openWithdrawal,
  signInBeside,
  speak,
  url,
  WORDS,
} from "./console";

const words = WORDS.nl;

test.use({ locale: "nl" });

test.beforeEach(async ({ page }) => {
  await signInBeside(page.request);
  await speak(page, "nl");
});

test("when a colleague is first, the dialog says who and what, and nothing typed is lost", async ({
  page,
  playwright,
}) => {
  const colleague = await playwright.request.newContext();
  await signInBeside(colleague);
  const { id } = await openWithdrawal(colleague);
  await page.goto(`${url()}/operations/${id}`);
  await page.getByRole("button", { name: words.reject, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: words.reject });
  await dialog.getByLabel(words.comment).fill("Zelfde apparaat");
  await dialog.getByLabel(words.reason).selectOption({ index: 1 });

  await move(colleague, id, "hold").catch(() => move(colleague, id, "escalate"));
  await page.keyboard.press("Control+Enter");
  await expect(dialog.getByRole("alert")).toContainText(words.meanwhile);
  await expect(dialog.getByLabel(words.comment)).toHaveValue("Zelfde apparaat");
  await expectAccessible(page);
  await colleague.dispose();
});

test("a session that ends asks to sign in over the page, and the draft stays", async ({
  page,
  playwright,
}) => {
  const service = await playwright.request.newContext();
  await signInBeside(service);
  const { id } = await openWithdrawal(service);
  await page.goto(`${url()}/operations/${id}`);
  await page.getByRole("button", { name: words.reject, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: words.reject });
  await dialog.getByLabel(words.reason).selectOption({ index: 1 });
  await dialog.getByLabel(words.comment).fill("Half af");

  await page.context().clearCookies();
  await dialog.getByRole("button", { name: words.reject }).click();
  const overlay = page.getByRole("dialog", { name: words.ended });
  await expect(overlay).toBeVisible();
  await expectAccessible(page);
  const { email, password } = credentials();
  await overlay.getByLabel(words.email).fill(email);
  await overlay.getByLabel(words.password, { exact: true }).fill(password);
  await overlay.getByRole("button", { name: words.signIn }).click();
  await expect(overlay).toBeHidden();
  await expect(dialog.getByLabel(words.comment)).toHaveValue("Half af");
  await dialog.getByRole("button", { name: words.reject }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("tabpanel").getByRole("listitem").first()).toContainText("Half af");
  await service.dispose();
});

test("without the mouse: from the list into an operation, a decision, and back to the same row", async ({
  page,
}) => {
  const { reference } = await openWithdrawal(page.request);
  await page.goto(`${url()}/operations?q=kind:withdrawal`);
  await expect(page.getByRole("row").filter({ hasText: reference })).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: reference })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(reference);
  await page.getByRole("button", { name: words.reject, exact: true }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: words.reject });
  await expect(dialog.getByLabel(words.reason)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/q=kind:withdrawal/);
  const row = page.getByRole("row").filter({ hasText: reference });
  await expect(row).toContainText(words.releasing);
  await expect(page.getByRole("link", { name: reference })).toBeFocused();
});

test("at 320 pixels nothing needs scrolling sideways", async ({ page }) => {
  const { id, reference } = await openWithdrawal(page.request);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of ["/operations", `/operations/${id}`]) {
    await page.goto(`${url()}${path}`);
    await expect(page.getByText(reference).first()).toBeVisible();
    const wide = await page.evaluate(() => {
      const content = document.getElementById("content");
      return (
        Math.max(document.documentElement.scrollWidth, content ? content.scrollWidth : 0) - window.innerWidth
      );
    });
    expect(wide).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  }
});

test("the panel stands beside the list and closes with Escape", async ({ page }) => {
  const { reference } = await openWithdrawal(page.request);
  await page.goto(`${url()}/operations?q=kind:withdrawal`);
  await page.getByRole("row").filter({ hasText: reference }).getByText(words.pending).click();
  await expect(page).toHaveURL(/open=/);
  await expect(page.getByRole("heading", { level: 1 }).filter({ hasText: reference })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/open=/);
  await expect(page.getByRole("link", { name: reference })).toBeFocused();
});

test("a person chooses language and theme, and signs out", async ({ page }) => {
  await page.goto(`${url()}/operations`);
  await page.getByRole("button", { name: words.menu }).click();
  await page.getByText("Donker", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.getByText("English", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expectAccessible(page);
  await page.getByRole("button", { name: WORDS.en.signOut, exact: true }).click();
  await expect(page.getByRole("heading", { name: WORDS.en.signIn })).toBeVisible();
});
