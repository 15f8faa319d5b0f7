import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { isProblem, Problem } from "~/api/problem";
import { CopyButton } from "./copy-button";
import styles from "./faces.module.css";

/** The face of a page that has nothing to show, and what to do about it. */
export function Face({ title, whole, children }: { title: string; whole?: boolean; children?: ReactNode }) {
  // The only heading of a page is its first; under a page's own heading it comes second.
  const Heading = whole ? "h1" : "h2";
  return (
    <div className={styles.face}>
      <Heading className={styles.title}>{title}</Heading>
      {children}
    </div>
  );
}

/** The face of a page that could not be fetched: what went wrong, how to go on, and the id to report it with. */
type FailedProps = { error: unknown; whole?: boolean; onRetry: () => void };

export function FailedFace({ error, whole, onRetry }: FailedProps) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const requestId = error instanceof Problem ? error.requestId : null;
  return (
    <div role="alert">
      <Face title={isProblem(error, "not_found") ? t`Not found` : t`This could not be loaded`} whole={whole}>
        <p>{explain(error)}</p>
        <div className={styles.actions}>
          <RetryButton after={error instanceof Problem ? error.retryAfter : null} onRetry={onRetry} />
        </div>
        {requestId ? (
          <p className={styles.request}>
            <Trans>Request</Trans> <code>{requestId}</code>
            <CopyButton value={requestId} label={t`Copy the request id`} />
          </p>
        ) : null}
      </Face>
    </div>
  );
}

/** Tries again by itself once the time that the server asked for is over. */
function RetryButton({ after, onRetry }: { after: number | null; onRetry: () => void }) {
  const { t } = useLingui();
  const [left, setLeft] = useState(after ?? 0);
  const retry = useRef(onRetry);
  retry.current = onRetry;
  const waits = left > 0;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => setLeft((before) => before - 1), 1_000);
    return () => clearInterval(timer);
  }, [waits]);
  const waited = useRef(waits);
  useEffect(() => {
    if (waited.current && !waits) retry.current();
    waited.current = waits;
  }, [waits]);
  return (
    <Button variant="default" disabled={waits} onClick={onRetry}>
      {waits ? t`Again in ${left} s` : t`Try again`}
    </Button>
  );
}

/** A refusal in the reader's words; the server's own sentence where we know no better. */
export function useProblemWords(): (error: unknown) => string {
  const { t } = useLingui();
  const unexplained = (status: number) =>
    t`The server answered ${status}. Try again; if it stays, report it.`;
  return (error) => {
    if (!(error instanceof Problem)) return t`The console made a mistake. Reload the page and try again.`;
    switch (error.code) {
      case "unreachable":
        return t`The server cannot be reached. Check the connection and try again.`;
      case "unauthenticated":
        return t`You are signed out. Sign in and try again; what you typed is kept.`;
      case "forbidden":
        return t`Your roles do not allow this. An administrator can grant it.`;
      case "looking":
        return t`You look through the eyes of a role: nothing can be changed until you end the look.`;
      case "factor_missing":
        return t`One of your roles asks for an authenticator. Add one under “My account”, then go on.`;
      case "password_made":
        return t`Your password was made up for you. Choose your own under “My account”, then go on.`;
      case "not_found":
        return t`There is nothing here, or it is not yours to see.`;
      case "lost_race":
        return t`Somebody else was first. Look at what changed and try again.`;
      case "internal":
        return t`The server made a mistake. Report it with the id of the request.`;
      case "rate_limited":
        return t`Too many requests at once. Wait a moment and try again.`;
      case "unavailable":
        return t`The database does not answer at the moment. Nothing is lost; try again shortly.`;
      default:
        return error.detail || unexplained(error.status);
    }
  };
}
