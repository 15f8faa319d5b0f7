export type Language = "en" | "nl";

export type LanguageText = Partial<Record<Language, string>>;

/** A text in the reader's language; in the other one rather than none; null when there is neither. */
export function textIn(text: LanguageText | undefined | null, language: Language): string | null {
  return text?.[language] ?? text?.en ?? text?.nl ?? null;
}

/** A readable word made from a name: `under_review` is "Under review". */
export function wordFromName(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
