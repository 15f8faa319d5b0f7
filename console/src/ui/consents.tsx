import { Trans, useLingui } from "@lingui/react/macro";
import type { Approval } from "~/api/generated/model/approval";
import { strictest, useRolesWord } from "~/lib/approvals";
import styles from "./consents.module.css";
import { Moment } from "./moment";

/** How many of the consents that are needed were given: a line for each group of roles. */
export function ConsentsGiven({ approval }: { approval: Approval }) {
  const { t } = useLingui();
  const rolesWord = useRolesWord();
  return (
    <ul className={styles.needs}>
      {strictest(approval.needed).map((need) => {
        const given = Math.min(need.given, need.count);
        const count = need.count;
        return (
          <li key={need.roles.join()}>
            <strong>{t`${given} of ${count}`}</strong> {rolesWord(need.roles)}
          </li>
        );
      })}
    </ul>
  );
}

/** Who consented, when, and whether it still counts. */
export function Consenters({ approval, now }: { approval: Approval; now: number }) {
  return (
    <ul className={styles.consents}>
      {approval.consents.map((consent) => (
        <li key={consent.by.id} data-void={consent.counts ? undefined : ""}>
          {consent.on_behalf_of ? (
            <Trans>
              {consent.by.name} for {consent.on_behalf_of.name}
            </Trans>
          ) : (
            consent.by.name
          )}{" "}
          · <Moment at={consent.at} now={now} />
          {consent.counts ? null : (
            <>
              {" · "}
              <Trans>no longer counts: the right to it was taken away</Trans>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
