import type { EntrySort } from "~/api/generated/model/entry-sort";

/** What an endpoint can be told of, as people name it; other sorts of entries are chosen by API or command line. */
export type Group = "changes" | "limits" | "approvals" | "reports";

export const GROUPS: Readonly<Record<Group, readonly EntrySort[]>> = {
  changes: ["opened", "moved", "amended"],
  limits: ["warned", "breached", "stalled"],
  approvals: ["asked", "consented", "declined", "withdrawn", "expired"],
  reports: ["contradicted", "unmapped"],
};

const NAMES = Object.keys(GROUPS) as Group[];

/** The groups of which anything is told. */
export function groupsOf(entries: readonly EntrySort[]): ReadonlySet<Group> {
  return new Set(NAMES.filter((group) => GROUPS[group].some((sort) => entries.includes(sort))));
}

/** The entries that are to be told: a group that was told in part stays so, and what belongs to none stays. */
export function entriesOf(groups: ReadonlySet<Group>, before: readonly EntrySort[]): EntrySort[] {
  const had = groupsOf(before);
  const known = new Set(NAMES.flatMap((group) => GROUPS[group]));
  return [
    ...before.filter((sort) => !known.has(sort)),
    ...NAMES.filter((group) => groups.has(group)).flatMap((group) =>
      GROUPS[group].filter((sort) => !had.has(group) || before.includes(sort)),
    ),
  ];
}
