import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

type Props = { q: string | null; position: string; className?: string; children: ReactNode };

/** A number that leads to the operations it counts, as they stood when they were counted. */
export function ReportNumber({ q, position, className, children }: Props) {
  if (q === null) return <span className={className}>{children}</span>;
  return (
    <Link to="/operations" search={{ q, as_of: position }} className={className}>
      {children}
    </Link>
  );
}
