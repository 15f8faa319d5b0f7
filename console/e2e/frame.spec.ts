import { expect, test } from "@playwright/test";
import { expectAccessible, signInBeside, speak, url } from "./console";

const WORDS = {
  en: { menu: /^Menu/, sections: "Sections", alerts: "Alerts", tokens: "Tokens" },
  nl: { menu: /^Menu/, sections: "Onderdelen", alerts: "Afwijkingen", tokens: "Tokens" },
} as const;

for (const [language, scheme] of [
  ["en", "light"],
  ["nl", "dark"],
] as const)
  test(`a small screen has the whole menu behind a button (${language}, ${scheme})`, async ({ page }) => {
    const words = WORDS[language];
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: scheme });
    await signInBeside(page.request);
    await speak(page, language);
    await page.goto(`${url()}/overview`);
    const button = page.getByRole("button", { name: words.menu });
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(button).toHaveAttribute("aria-expanded", "true");
    const menu = page.getByRole("dialog", { name: words.menu });
    const sections = menu.getByRole("navigation", { name: words.sections });
    await expect(sections.getByRole("link", { name: words.tokens })).toBeVisible();
    await expectAccessible(page);
    await page.screenshot({ path: test.info().outputPath("menu.png") });

    await page.keyboard.press("Shift+Tab");
    expect(await menu.evaluate((drawn) => drawn.contains(document.activeElement))).toBe(true);
    await page.keyboard.press("Escape");
    await expect(menu).toBeHidden();
    await expect(button).toBeFocused();
    await expect(button).toHaveAttribute("aria-expanded", "false");

    await button.click();
    await sections.getByRole("link", { name: words.alerts }).click();
    await expect(menu).toBeHidden();
    await expect(page.getByRole("heading", { level: 1, name: words.alerts })).toBeVisible();
    await expectAccessible(page);

    await page.setViewportSize({ width: 1440, height: 900 });
    await expect(button).toBeHidden();
    await expect(page.getByRole("navigation", { name: words.sections })).toBeVisible();
  });
