import { useState } from "react";
import type { Operation } from "~/api/generated/model/operation";
import type { BulkChoice } from "~/lib/bulk-choice";

const NOTHING: ReadonlySet<string> = new Set();

export type Selection = {
  /** How many rows are ticked; with `matching` it is all that the filter finds, shown or not. */
  count: number;
  matching: boolean;
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  /** Ticks all loaded rows, or none. */
  page: (on: boolean) => void;
  match: () => void;
  clear: () => void;
  choice: BulkChoice | null;
};

/** What is ticked in the list. Another filter begins with nothing: nobody moves what they no longer see. */
export function useSelection(q: string, rows: readonly Operation[]): Selection {
  const [state, setState] = useState({ q, ids: NOTHING, matching: false });
  const { ids, matching } = state.q === q ? state : { ids: NOTHING, matching: false };
  const loaded = rows.map((row) => row.id);
  const choose = (next: ReadonlySet<string>) => setState({ q, ids: next, matching: false });
  const chosen = rows.filter((row) => ids.has(row.id));
  return {
    count: matching ? rows.length : ids.size,
    matching,
    has: (id) => matching || ids.has(id),
    toggle: (id) => {
      const next = new Set(matching ? loaded : ids);
      if (!next.delete(id)) next.add(id);
      choose(next);
    },
    page: (on) => choose(on ? new Set(loaded) : NOTHING),
    match: () => setState({ q, ids: NOTHING, matching: true }),
    clear: () => choose(NOTHING),
    choice: matching
      ? { q }
      : ids.size > 0
        ? { ids: [...ids], kinds: [...new Set(chosen.map((row) => row.kind))] }
        : null,
  };
}
