import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { WaitingApproval } from "~/api/generated/model/waiting-approval";
import { useNow } from "~/lib/clock";
import { type KindWords, useReasonWords, useWordsFor } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { Consenters, ConsentsGiven } from "~/ui/consents";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import { VerdictButtons } from "~/ui/verdict-buttons";
import { useWhyNotConsentWords } from "~/ui/verdict-dialog";
import styles from "./approvals-page.module.css";

type Props = { items: readonly WaitingApproval[]; title: string; onSaid: () => void };

/** A row for each move that waits; on a small screen each is a card. */
export function ApprovalsTable({ items, title, onSaid }: Props) {
  const { t } = useLingui();
  const now = useNow();
  const wordsFor = useWordsFor(items.map((item) => item.operation));
  return (
    <table className={`${tables.table} ${tables.cards}`} aria-label={title}>
      <thead>
        <tr>
          <th scope="col">{t`What`}</th>
          <th scope="col" className={tables.number}>
            {t`Amount`}
          </th>
          <th scope="col">{t`Asked for by`}</th>
          <th scope="col">{t`Waiting since`}</th>
          <th scope="col">{t`Approvals`}</th>
          <th scope="col">{t`Your decision`}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row
            key={`${item.operation.id}/${item.approval.approval}`}
            item={item}
            words={wordsFor(item.operation)}
            now={now}
            onSaid={onSaid}
          />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = { item: WaitingApproval; words: KindWords; now: number; onSaid: () => void };

function Row({ item, words, now, onSaid }: RowProps) {
  const { approval, operation } = item;
  const { t } = useLingui();
  const language = useLanguage();
  const reasonWords = useReasonWords();
  const whyNot = useWhyNotConsentWords();
  const from = words.stage(operation.stage);
  const to = words.document?.transitions[approval.transition]?.to;
  return (
    <tr>
      <td>
        <strong>{words.transition(approval.transition)}</strong>
        <br />
        {words.kind}{" "}
        <Link to="/operations/$id" params={{ id: operation.id }}>
          {operation.reference}
        </Link>
        {approval.state === "open" ? (
          <p className={tables.muted}>
            {from}
            {to ? ` → ${words.stage(to)}` : ""}
            {operation.subject ? ` · ${operation.subject}` : ""}
          </p>
        ) : null}
      </td>
      <td className={tables.number}>{operation.amount ? formatMoney(operation.amount, language) : null}</td>
      <td data-label={t`Asked for by`}>
        {approval.asked_by.name}
        {approval.reason ? <p className={tables.muted}>{reasonWords(approval.reason).internal}</p> : null}
        {approval.comment ? <p className={styles.said}>{approval.comment}</p> : null}
      </td>
      <td data-label={t`Waiting since`}>
        <Moment at={approval.asked_at} now={now} />
        {approval.state === "open" && approval.expires_at ? (
          <p className={tables.muted}>
            <Trans>
              until <Moment at={approval.expires_at} now={now} />
            </Trans>
          </p>
        ) : null}
      </td>
      <td>
        <ConsentsGiven approval={approval} />
        <Consenters approval={approval} now={now} />
      </td>
      <td>
        {approval.on_behalf_of ? (
          <p className={styles.muted}>
            <Trans>In the name of {approval.on_behalf_of.name}</Trans>
          </p>
        ) : null}
        <VerdictButtons approval={approval} operation={operation} words={words} onSaid={onSaid} />
        {approval.may.includes("approve") ? null : (
          <p className={tables.muted}>
            {whyNot(approval)}
            {approval.settled_by && approval.state === "declined" ? (
              <>
                {" "}
                <Trans>By {approval.settled_by.name}.</Trans>
              </>
            ) : null}
          </p>
        )}
      </td>
    </tr>
  );
}
