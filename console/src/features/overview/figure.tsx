import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Status } from "~/api/generated/model/status";
import { StatusMark } from "~/ui/status-mark";
import styles from "./overview.module.css";

type Props = {
  label: string;
  /** Absent while it is being counted. */
  value: string | undefined;
  note?: ReactNode;
  status?: Status;
  strong?: boolean;
  /** The list behind the number. */
  q: string;
  sort?: string;
};

/** A number that says one thing, and leads to the operations behind it. */
export function Figure({ label, value, note, status, strong, q, sort }: Props) {
  return (
    <li className={styles.figure}>
      <Link to="/operations" search={{ q, ...(sort ? { sort } : {}) }} className={styles.link}>
        <span className={styles.label}>
          {status ? <StatusMark status={status} /> : null}
          {label}
        </span>
        <span className={styles.value} data-strong={strong ? "" : undefined}>
          {value ?? <span className={styles.waiting}>…</span>}
        </span>
        <span className={styles.note}>{note ?? "\u00a0"}</span>
      </Link>
    </li>
  );
}
