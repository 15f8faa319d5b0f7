import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getReadAccessReviewUrl, signAccessReview } from "~/api/generated/calls";
import type { AccessReview } from "~/api/generated/model/access-review";
import { useNow } from "~/lib/clock";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import { Refused } from "~/ui/refused";
import tables from "~/ui/table.module.css";
import styles from "./access.module.css";
import { reviewOptions, rolesOptions, useChange, useRoleWord } from "./access-queries";

/** When access was last looked at as a whole, as a file, and a way to look at it and sign. */
export function ReviewPanel() {
  const { t } = useLingui();
  const now = useNow();
  const review = useQuery(reviewOptions);
  const [reading, setReading] = useState<AccessReview | null>(null);
  const read = review.data;
  if (!read) return null;
  return (
    <section className={layout.section} aria-label={t`Access review`}>
      <p className={styles.lead}>
        {read.signed ? (
          <Trans>
            Access was last reviewed by {read.signed.by.name}: <Moment at={read.signed.at} now={now} />.
          </Trans>
        ) : (
          <Trans>Nobody has reviewed yet who may what.</Trans>
        )}{" "}
        {read.signed && read.signed.digest !== read.digest ? <Trans>It has changed since.</Trans> : null}
      </p>
      <div className={styles.buttons}>
        <Button size="compact-sm" variant="default" onClick={() => setReading(read)}>
          <Trans>Review who may what</Trans>
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          component="a"
          href={getReadAccessReviewUrl({ format: "csv" })}
          download
        >
          <Trans>Download as CSV</Trans>
        </Button>
      </div>
      {reading ? <ReviewDialog review={reading} onClose={() => setReading(null)} /> : null}
    </section>
  );
}

function ReviewDialog({ review, onClose }: { review: AccessReview; onClose: () => void }) {
  const { t } = useLingui();
  const now = useNow();
  const explain = useProblemWords();
  const roles = useQuery(rolesOptions);
  const roleWord = useRoleWord(roles.data?.items);
  // What is signed is what stands here, also when it changes while it is read.
  const sign = useChange(
    () => signAccessReview({ digest: review.digest }),
    () => t`Review signed`,
    onClose,
  );
  return (
    <Dialog title={t`Who may what`} size={860} onClose={onClose}>
      <div className={styles.form}>
        <table className={`${tables.table} ${tables.cards}`} aria-label={t`Who may what`}>
          <thead>
            <tr>
              <th scope="col">{t`Name`}</th>
              <th scope="col">{t`Roles`}</th>
              <th scope="col">{t`Grants`}</th>
              <th scope="col">{t`Last used`}</th>
            </tr>
          </thead>
          <tbody>
            {review.items.map((one) => (
              <tr key={one.id}>
                <td>
                  <strong>{one.name}</strong>
                  <p className={styles.muted}>{one.email ?? t`Token`}</p>
                </td>
                <td data-label={t`Roles`}>{one.roles.map(roleWord).join(", ") || t`none`}</td>
                <td data-label={t`Grants`}>{one.grants.length}</td>
                <td data-label={t`Last used`}>
                  {one.last_used_at ? <Moment at={one.last_used_at} now={now} /> : t`never`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {sign.error ? <Refused told={explain(sign.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
          <Button loading={sign.isPending} onClick={() => sign.mutate(undefined)}>
            <Trans>Sign: this is right</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
