import type { Status } from "~/api/generated/model/status";

/** A status's shape in its colour: clock circle, ticked circle, triangle, octagon. Always beside its word. */
export function StatusMark({ status, size = 14 }: { status: Status; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      style={{ color: `var(--v-${status})`, flex: "none" }}
    >
      {SHAPES[status]}
    </svg>
  );
}

const line = {
  fill: "none",
  strokeWidth: 1.8,
  strokeLinecap: "round",
  strokeLinejoin: "round",
} as const;

const SHAPES: Record<Status, React.ReactNode> = {
  pending: (
    <g stroke="currentColor" {...line}>
      <circle cx="8" cy="8" r="6.4" />
      <path d="M8 4.6V8l2.3 1.6" />
    </g>
  ),
  success: (
    <>
      <circle cx="8" cy="8" r="7.3" fill="currentColor" />
      <path d="M4.8 8.3l2.2 2.2 4.2-4.6" stroke="var(--v-surface)" {...line} />
    </>
  ),
  error: (
    <>
      <path
        d="M8 1.4l7 12.7H1z"
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
      <path d="M8 6v4" stroke="var(--v-surface)" {...line} />
      <circle cx="8" cy="12" r="1" fill="var(--v-surface)" />
    </>
  ),
  rejected: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" stroke="var(--v-surface)" {...line} />
    </>
  ),
};
