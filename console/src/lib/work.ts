import { useLingui } from "@lingui/react/macro";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { changeAssignment, listColleagues } from "~/api/generated/calls";
import type { Assignment } from "~/api/generated/model/assignment";
import type { ChangeAssignment } from "~/api/generated/model/change-assignment";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import type { Who } from "~/api/generated/model/who";
import { useAnnounce } from "./announce";
import { dateFormat } from "./formats";
import { useLanguage } from "./language";
import { localeOf } from "./money";
import { WORK_LISTS } from "./operation-rows";
import { newKey } from "./request-key";
import { useRoleName } from "./roles";
import { sessionOptions } from "./session";

const TEAM = "role:";

export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Whom work can be assigned to, and whom a note can call. */
export const colleaguesOptions = queryOptions({
  queryKey: ["colleagues"],
  queryFn: ({ signal }) => listColleagues({ signal }),
  staleTime: 300_000,
  retry: false,
});

/** The reader's own id; nobody's while it is not known. */
export function useMe(): string {
  const { data } = useQuery({ ...sessionOptions, enabled: false });
  return data?.actor.id ?? "";
}

/** A person by name, a team by its role's. */
export function useAssigneeWord(): (who: Who) => string {
  const role = useRoleName();
  return (who) => (who.id.startsWith(TEAM) ? role(who.id.slice(TEAM.length)) : who.name);
}

/** Whom work can be assigned to, as the lines of a list: nobody, the reader first of the people, the teams. */
export function useAssignees() {
  const { t } = useLingui();
  const me = useMe();
  const word = useAssigneeWord();
  const { data, error } = useQuery(colleaguesOptions);
  const people = [...(data?.people ?? [])].sort((a, b) => Number(b.id === me) - Number(a.id === me));
  const lines = [
    { value: "", label: t`Nobody` },
    {
      group: t`People`,
      items: people.map(({ id, name }) => ({ value: id, label: id === me ? t`${name} (you)` : name })),
    },
    {
      group: t`Teams`,
      items: (data?.teams ?? []).map(({ id }) => ({ value: id, label: word({ id, name: id }) })),
    },
  ];
  return { lines, error };
}

export function usePriorityWord(): (priority: Priority) => string {
  const { t } = useLingui();
  return (priority) => ({ urgent: t`urgent`, high: t`high`, normal: t`normal`, low: t`low` })[priority];
}

/** The priority that an entry tells, as a number from -1 on. */
export function priorityOf(level: unknown): Priority {
  return PRIORITIES[2 - Number(level ?? 0)] ?? "normal";
}

/** A moment by its date and time; nothing for what is none. */
export function useMomentWord(): (at: unknown) => string {
  const locale = localeOf(useLanguage());
  return (at) =>
    typeof at === "string"
      ? dateFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(
          new Date(at),
        )
      : "";
}

/** Changes who works on an operation. What is shown afterwards is what the server says. */
export function useAssignment(operation: Pick<OperationDetail, "id" | "reference">) {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  const told = useToldWords();
  return useMutation({
    mutationFn: (change: ChangeAssignment) =>
      changeAssignment(operation.id, change, { headers: { "Idempotency-Key": newKey() } }),
    onSuccess: ({ assignment }, { act }) => {
      queryClient.setQueryData<OperationDetail>(["operation", operation.id], (before) =>
        before ? { ...before, assignment } : before,
      );
      if (act === "renew") return;
      queryClient.invalidateQueries({ queryKey: ["history", operation.id] });
      queryClient.invalidateQueries({ queryKey: WORK_LISTS });
      announce(told(operation.reference, act, assignment));
    },
    // What we show is old: somebody was first.
    onError: () => queryClient.invalidateQueries({ queryKey: ["operation", operation.id] }),
  });
}

function useToldWords(): (reference: string, act: ChangeAssignment["act"], now: Assignment) => string {
  const { t } = useLingui();
  const word = useAssigneeWord();
  const moment = useMomentWord();
  const priority = usePriorityWord();
  return (reference, act, now) => {
    const assignee = now.assignee ? word(now.assignee) : "";
    const until = moment(now.snoozed_until);
    const level = priority(now.priority);
    switch (act) {
      case "claim":
        return t`${reference}: you picked it up`;
      case "assign":
        return assignee ? t`${reference}: assigned to ${assignee}` : t`${reference}: assigned to nobody`;
      case "snooze":
        return t`${reference}: snoozed until ${until}`;
      case "wake":
        return t`${reference}: no longer snoozed`;
      case "skip":
        return t`${reference}: skipped`;
      case "prioritise":
        return t`${reference}: priority ${level}`;
      default:
        return t`${reference}: let go`;
    }
  };
}
