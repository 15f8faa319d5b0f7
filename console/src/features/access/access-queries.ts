import { useLingui } from "@lingui/react/macro";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  listAccessChanges,
  listAccessRequests,
  listPeople,
  listRoles,
  listSessions,
  listSignInEvents,
  listTokens,
  readAccessReview,
  viewAsRole,
} from "~/api/generated/calls";
import type { Grant } from "~/api/generated/model/grant";
import type { ListAccessChangesParams } from "~/api/generated/model/list-access-changes-params";
import type { Role } from "~/api/generated/model/role";
import { useAnnounce } from "~/lib/announce";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { wordFromName } from "~/lib/words";

export const peopleOptions = queryOptions({
  queryKey: ["access", "people"],
  queryFn: ({ signal }) => listPeople({ signal }),
});

export const rolesOptions = queryOptions({
  queryKey: ["access", "roles"],
  queryFn: ({ signal }) => listRoles({ signal }),
});

export const tokensOptions = queryOptions({
  queryKey: ["access", "tokens"],
  queryFn: ({ signal }) => listTokens({ signal }),
});

export const signInEventsOptions = (person: string | undefined) =>
  queryOptions({
    queryKey: ["access", "sign-ins", person],
    queryFn: ({ signal }) => listSignInEvents(person ? { person } : {}, { signal }),
    placeholderData: (before) => before,
  });

export const personSessionsOptions = (person: string) =>
  queryOptions({
    queryKey: ["access", "sessions", person],
    queryFn: ({ signal }) => listSessions(person, { signal }),
  });

export const waitingChangesOptions = queryOptions({
  queryKey: ["access", "requests"],
  queryFn: ({ signal }) => listAccessRequests({ signal }),
  refetchInterval: 30_000,
  refetchIntervalInBackground: false,
});

export const reviewOptions = queryOptions({
  queryKey: ["access", "review"],
  queryFn: ({ signal }) => readAccessReview({}, { signal }),
});

export const roleViewOptions = (role: string) =>
  queryOptions({
    queryKey: ["access", "roles", role],
    queryFn: ({ signal }) => viewAsRole(encodeURIComponent(role), { signal }),
  });

export const changesOptions = (filter: ListAccessChangesParams) =>
  queryOptions({
    queryKey: ["access", "changes", filter],
    queryFn: ({ signal }) => listAccessChanges({ ...filter, limit: 100 }, { signal }),
    placeholderData: (before) => before,
  });

/** One change of access: what is shown afterwards is read anew, and what was done is said. */
export function useChange<Sent, Answer>(
  change: (sent: Sent) => Promise<Answer>,
  done: (answer: Answer, sent: Sent) => string,
  onDone?: (answer: Answer) => void,
) {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer, sent) => {
      queryClient.invalidateQueries({ queryKey: ["access"] });
      announce(done(answer, sent));
      onDone?.(answer);
    },
  });
}

/** What to say where a change waits for a second person; null where it is made. */
export function useWaitsWords(): (answer: object) => string | null {
  const { t } = useLingui();
  return (answer) => ("asked_by" in answer ? t`It waits for a second person; see the audit log` : null);
}

/** A role's label in the reader's language. */
export function useRoleWord(roles: readonly Role[] | undefined): (role: string) => string {
  const language = useLanguage();
  return (role) => roles?.find((one) => one.role === role)?.label[language] ?? wordFromName(role);
}

/** What a grant lets somebody do, in words. */
export function useActWord(): (act: string) => string {
  const { t } = useLingui();
  return (act) => {
    switch (act) {
      case "view":
        return t`See operations`;
      case "restricted":
        return t`Also see what is restricted`;
      case "open":
        return t`Open operations`;
      case "amend":
        return t`Change amount and data`;
      case "report":
        return t`Report results (programs)`;
      case "export":
        return t`Take reports along as files`;
      case "reveal":
        return t`Reveal personal data`;
      case "connect":
        return t`Make one's own webhooks`;
      case "manage":
        return t`Manage people, roles and tokens`;
      case "assign":
        return t`Assign work`;
      case "note":
        return t`Write notes`;
      case "bulk":
        return t`Change many at once`;
      case "move:*":
        return t`Make every transition by hand`;
      case "consent:*":
        return t`Approve every transition that others ask for`;
      default:
        return act.startsWith("consent:")
          ? t`Approve: ${wordFromName(act.slice("consent:".length))}`
          : wordFromName(act.replace(/^move:/, ""));
    }
  };
}

/** Whether a word of a grant is about one transition of a kind, and no act by itself. */
export const isOfTransition = (act: string) => /^(move|consent):(?!\*)/.test(act);

/** Where and up to what a grant reaches; empty where it reaches everywhere. */
export function useLimitWords(): (grant: Grant) => string {
  const { t } = useLingui();
  const language = useLanguage();
  return (grant) => {
    const amounts = grant.amount_max.map((money) => formatMoney(money, language)).join(", ");
    return [
      grant.kinds.length > 0 ? grant.kinds.map(wordFromName).join(", ") : null,
      grant.where || null,
      amounts ? t`up to ${amounts}` : null,
    ]
      .filter(Boolean)
      .join(" · ");
  };
}
