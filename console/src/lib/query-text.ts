// The filter text is the state: tabs and selects only write terms into it and read them back.

const TERM = /(?:"[^"]*"|[^\s"])+/g;

export function termsOf(q: string): string[] {
  return q.match(TERM) ?? [];
}

/** The values of a field's own term (`status:pending,error`), or none. Negations and other fields are left alone. */
export function valuesOf(q: string, field: string): string[] {
  const term = termsOf(q).find((text) => text.startsWith(`${field}:`));
  return term
    ? term
        .slice(field.length + 1)
        .split(",")
        .filter(Boolean)
    : [];
}

/** The same filter with this field's term replaced, added or, without values, taken out. */
export function withValues(q: string, field: string, values: readonly string[]): string {
  const term = values.length > 0 ? `${field}:${values.join(",")}` : null;
  const terms = termsOf(q);
  const at = terms.findIndex((text) => text.startsWith(`${field}:`));
  if (at === -1) return [...(term ? [term] : []), ...terms].join(" ");
  return terms.flatMap((text, index) => (index === at ? (term ? [term] : []) : [text])).join(" ");
}

export function withoutTerm(q: string, term: string): string {
  return termsOf(q)
    .filter((text) => text !== term)
    .join(" ");
}
