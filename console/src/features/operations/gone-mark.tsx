import { Trans } from "@lingui/react/macro";

/** In place of a status that is no longer true: the row left the view since it was loaded. */
export function GoneMark() {
  return (
    <span style={{ color: "var(--v-muted)", fontSize: 12.5, lineHeight: "24px" }}>
      <Trans>Changed, no longer in this view</Trans>
    </span>
  );
}
