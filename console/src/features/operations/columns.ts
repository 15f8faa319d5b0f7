import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Kind } from "~/api/generated/model/kind";
import { kindsOptions } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { usePreferences } from "~/lib/preferences";
import { textIn, wordFromName } from "~/lib/words";

export type Column = {
  id: string;
  name: string;
  /** The field by which the server can put the list in order; null where no index gives that order. */
  sort: string | null;
  /** A first click gives what is wanted most: the newest, or the first to fall due. */
  descendingFirst?: boolean;
  right?: boolean;
  /** Left out where there is little room: it stands in the operation as well. */
  extra?: boolean;
};

type Known = Omit<Column, "id" | "name" | "sort"> & { name: MessageDescriptor; sort?: string };

const KNOWN: Record<string, Known> = {
  status: { name: msg`Status` },
  stage: { name: msg`Stage` },
  kind: { name: msg`Type` },
  number: { name: msg`Number` },
  subject: { name: msg`Subject` },
  amount: { name: msg`Amount`, right: true },
  assignee: { name: msg`Assignee` },
  priority: { name: msg`Priority` },
  deadline: { name: msg`Deadline`, sort: "deadline_at" },
  promise: { name: msg`Promise` },
  age: { name: msg`In this stage`, extra: true },
  created: { name: msg`Created`, sort: "created_at", descendingFirst: true, extra: true },
  changed: { name: msg`Changed` },
  closed: { name: msg`Closed`, sort: "closed_at", descendingFirst: true },
  brand: { name: msg`Brand` },
  waiting_on: { name: msg`Waiting on` },
  tags: { name: msg`Tags` },
  currency: { name: msg`Currency` },
  final: { name: msg`Final` },
  version: { name: msg`Version` },
  id: { name: msg`Id` },
};

export const DEFAULT_COLUMNS = [
  "status",
  "kind",
  "number",
  "subject",
  "amount",
  "deadline",
  "age",
  "created",
];

const ATTRIBUTE = "attributes.";

export type ColumnChoice = {
  /** What the table shows, in its order. */
  columns: readonly Column[];
  /** Everything that can be shown, in a fixed order. */
  all: readonly Column[];
  isDefault: boolean;
};

/** The columns that the address names; without it the person's own; without those the usual ones. */
export function useColumns(cols: string | undefined, subject: string): ColumnChoice {
  const { i18n } = useLingui();
  const language = useLanguage();
  const { columns: own } = usePreferences();
  const { data: kinds } = useQuery(kindsOptions);
  return useMemo(() => {
    const attributes = attributesOf((kinds?.items ?? []).map((one) => one.document));
    const all: Column[] = [
      ...Object.entries(KNOWN).map(([id, column]) => ({
        ...column,
        id,
        name: id === "subject" ? subject : i18n._(column.name),
        sort: column.sort ?? null,
      })),
      ...[...attributes].map(([name, label]) => ({
        id: `${ATTRIBUTE}${name}`,
        name: textIn(label, language) ?? wordFromName(name),
        sort: null,
      })),
    ];
    const byId = new Map(all.map((column) => [column.id, column]));
    // An attribute that no kind here has any more is shown all the same: its rows may be there.
    const columnOf = (id: string): Column | null =>
      byId.get(id) ??
      (id.startsWith(ATTRIBUTE) ? { id, name: wordFromName(id.slice(ATTRIBUTE.length)), sort: null } : null);
    const wanted = cols?.split(",") ?? own ?? DEFAULT_COLUMNS;
    const chosen = [...new Set(wanted)].map(columnOf).filter((column) => column !== null);
    const columns =
      chosen.length > 0 ? withNumber(chosen, byId) : DEFAULT_COLUMNS.flatMap((id) => byId.get(id) ?? []);
    return { columns, all, isDefault: isSame(columns, DEFAULT_COLUMNS) };
  }, [cols, own, subject, kinds, language, i18n]);
}

/** The number is the link into the operation: without it a row could not be reached by keyboard. */
function withNumber(columns: Column[], byId: Map<string, Column>): Column[] {
  const number = byId.get("number");
  return columns.some((column) => column.id === "number") || !number ? columns : [number, ...columns];
}

function isSame(columns: readonly Column[], ids: readonly string[]): boolean {
  return columns.map((column) => column.id).join() === ids.join();
}

function attributesOf(kinds: readonly Kind[]): Map<string, Parameters<typeof textIn>[0]> {
  const found = new Map<string, Parameters<typeof textIn>[0]>();
  for (const kind of kinds)
    for (const [name, attribute] of Object.entries(kind.attributes ?? {})) {
      // Personal ones never stand in a list.
      if (attribute.class === "personal") continue;
      if (!found.get(name)) found.set(name, kind.labels?.attributes?.[name]);
    }
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}
