import { useLingui } from "@lingui/react/macro";
import type { ChangeSort } from "~/api/generated/model/change-sort";

/** What a line of the audit tells, or what a change that waits is to do. */
export function useSortWord(): (sort: ChangeSort) => string {
  const { t } = useLingui();
  return (sort) => {
    switch (sort) {
      case "granted":
        return t`Granted`;
      case "revoked":
        return t`Grant revoked`;
      case "person_added":
        return t`Person added`;
      case "roles_set":
        return t`Roles changed`;
      case "deactivated":
        return t`Person deactivated`;
      case "activated":
        return t`Person activated`;
      case "token_issued":
        return t`Token issued`;
      case "token_revoked":
        return t`Token revoked`;
      case "revealed":
        return t`Personal data revealed`;
      case "reviewed":
        return t`Access reviewed`;
      case "delegated":
        return t`Stand-in named`;
      case "delegation_ended":
        return t`Stand-in ended`;
      case "change_asked":
        return t`Change asked for`;
      case "change_approved":
        return t`Change approved`;
      case "change_declined":
        return t`Change declined`;
      case "change_withdrawn":
        return t`Change withdrawn`;
      case "role_made":
        return t`Role made`;
      case "role_changed":
        return t`Role changed`;
      case "role_removed":
        return t`Role removed`;
      case "looked":
        return t`Looked through a role's eyes`;
      case "source_set":
        return t`Source set`;
      case "secret_added":
        return t`Secret of a source added`;
      case "secret_removed":
        return t`Secret of a source removed`;
      case "incident_opened":
        return t`Incident opened`;
      case "incident_paused":
        return t`Operations paused by an incident`;
      case "incident_released":
        return t`Operations of an incident released`;
      case "incident_closed":
        return t`Incident closed`;
      case "limit_set":
        return t`Limit of an alert set`;
      case "limit_ended":
        return t`Limit of an alert ended`;
      case "erased":
        return t`Payload of a report erased`;
    }
  };
}
