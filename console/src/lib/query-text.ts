// The filter text is the state: tabs, chips, cells and facets only write terms into it and read them back. What a text means
// is the server's to say; here it is only cut into its terms, so that a click answers at once.

export type Term = { text: string; from: number; to: number };

const PLAIN = /^[\p{L}\p{N}_.@+/#][\p{L}\p{N}_.@+:/#-]*$/u;
const WORDS = new Set(["AND", "OR", "NOT"]);

/** The terms that are AND-ed at the top, with their places. A text with OR at its top is one term: it can't be cut. */
export function termsIn(q: string): Term[] {
  const pieces = cut(q);
  if (pieces.length === 0) return [];
  if (pieces.some((piece) => piece.text === "OR")) {
    const from = pieces[0]?.from ?? 0;
    const to = pieces.at(-1)?.to ?? q.length;
    return [{ text: q.slice(from, to), from, to }];
  }
  const terms: Term[] = [];
  let not: number | null = null;
  for (const piece of pieces) {
    if (piece.text === "AND") continue;
    if (piece.text === "NOT") {
      not ??= piece.from;
      continue;
    }
    const from = not ?? piece.from;
    terms.push({ text: q.slice(from, piece.to), from, to: piece.to });
    not = null;
  }
  return terms;
}

export function termsOf(q: string): string[] {
  return termsIn(q).map((term) => term.text);
}

/** The values of a field's own term (`status:pending,error`), or none. Negations and other fields are left alone. */
export function valuesOf(q: string, field: string): string[] {
  const term = termsOf(q).find((text) => text.startsWith(`${field}:`));
  return term ? listOf(term.slice(field.length + 1)).map(unquoted) : [];
}

/** The same filter with this field's term replaced, added or, without values, taken out. */
export function withValues(q: string, field: string, values: readonly string[]): string {
  const term = values.length > 0 ? `${field}:${values.map(quoted).join(",")}` : null;
  const terms = termsOf(q);
  const at = terms.findIndex((text) => text.startsWith(`${field}:`));
  if (at === -1) return term ? [term, ...terms.map((one) => grouped(one, terms.length))].join(" ") : q.trim();
  return terms.flatMap((text, index) => (index === at ? (term ? [term] : []) : [text])).join(" ");
}

/** The same filter and this term besides; as it was where the term stands in it already. */
export function withTerm(q: string, term: string): string {
  const terms = termsOf(q);
  if (terms.includes(term)) return terms.join(" ");
  return [...terms.map((one) => grouped(one, terms.length)), term].join(" ");
}

export function withoutTerm(q: string, term: string): string {
  return termsOf(q)
    .filter((text) => text !== term)
    .join(" ");
}

/** Everything but this value: taken out of the field's list where it stands in one, else excluded by name. */
export function excluding(q: string, field: string, value: string): string {
  const values = valuesOf(q, field);
  const others = values.filter((one) => one !== value);
  if (others.length > 0 && others.length < values.length) return withValues(q, field, others);
  return withTerm(q, `-${field}:${quoted(value)}`);
}

/** A value as it may stand behind a field: in quotes where a blank, a comma or the like would end it. */
export function quoted(value: string): string {
  return PLAIN.test(value) ? value : inQuotes(value);
}

/** A text to search for as it stands, whatever it holds. */
export function inQuotes(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Field, comparator and value of a simple term; null for words, groups and whatever else it may be. */
export function partsOf(term: string): { negated: boolean; key: string; value: string } | null {
  const found = /^(-|NOT\s+)?([A-Za-z_][\w.-]*(?::|>=|<=|>|<))(.+)$/su.exec(term);
  return found ? { negated: found[1] !== undefined, key: found[2] ?? "", value: found[3] ?? "" } : null;
}

/** The place in a JavaScript string of the server's offset, which counts characters and not UTF-16 units. */
export function placeOf(q: string, offset: number): number {
  return Array.from(q).slice(0, Math.max(0, offset)).join("").length;
}

/** The server's offset of a place in a JavaScript string. */
export function offsetOf(q: string, place: number): number {
  return Array.from(q.slice(0, place)).length;
}

function grouped(term: string, among: number): string {
  const either = among === 1 && cut(term).some((piece) => piece.text === "OR");
  return either ? `(${term})` : term;
}

function listOf(text: string): string[] {
  return (text.match(/"(?:[^"\\]|\\.)*"|[^,"]+/gs) ?? []).filter(Boolean);
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/gs, "$1") : value;
}

/** Pieces between blanks, where quotes and parentheses hold together what stands in them. */
function cut(q: string): Term[] {
  const pieces: Term[] = [];
  let from: number | null = null;
  let depth = 0;
  let inside = false;
  const end = (to: number) => {
    if (from !== null) pieces.push({ text: q.slice(from, to), from, to });
    from = null;
  };
  for (let at = 0; at < q.length; at += 1) {
    const letter = q.charAt(at);
    if (!inside && depth === 0 && /\s/.test(letter)) {
      end(at);
      continue;
    }
    from ??= at;
    if (inside && letter === "\\") at += 1;
    else if (letter === '"') inside = !inside;
    else if (!inside && letter === "(") depth += 1;
    else if (!inside && letter === ")") depth = Math.max(0, depth - 1);
    if (!inside && depth === 0 && letter !== ")" && WORDS.has(q.slice(from, at + 1)) && q[at + 1] === "(")
      end(at + 1);
  }
  end(q.length);
  return pieces;
}
