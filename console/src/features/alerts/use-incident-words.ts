import { useLingui } from "@lingui/react/macro";
import type { IncidentEventSort } from "~/api/generated/model/incident-event-sort";
import type { IncidentState } from "~/api/generated/model/incident-state";

/** How an incident stands, and what was done about it. */
export function useIncidentWords() {
  const { t } = useLingui();
  return {
    state: (state: IncidentState): string => {
      switch (state) {
        case "open":
          return t`Open, nothing waits`;
        case "paused":
          return t`Its operations wait`;
        case "releasing":
          return t`Being released`;
        case "closed":
          return t`Closed`;
      }
    },
    event: (sort: IncidentEventSort, perMinute: number | null): string => {
      switch (sort) {
        case "opened":
          return t`Opened`;
        case "paused":
          return t`Paused: nothing is sent, asked or fired`;
        case "alert_added":
          return t`Alert added`;
        case "noted":
          return t`Note`;
        case "released":
          return t`Released at ${perMinute} a minute`;
        case "resumed":
          return t`Everything goes on`;
        case "closed":
          return t`Closed`;
      }
    },
  };
}
