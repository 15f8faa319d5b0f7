const PATHS = {
  search: "M7 12.2A5.2 5.2 0 1 0 7 1.8a5.2 5.2 0 0 0 0 10.4zM10.8 10.8 14 14",
  filter: "M2 3.5h12L9.5 8.8V13l-3 1V8.8z",
  exclude: "M2 3.5h12L9.5 8.8V13l-3 1V8.8zM2.5 13.5l11-11",
  up: "M4 10l4-4 4 4",
  list: "M5.5 4H14M5.5 8H14M5.5 12H14M2 4h.01M2 8h.01M2 12h.01",
  queue: "M2.5 3.5h8M2.5 8h8M2.5 12.5h5M10.5 10.5v4l3.500-2z",
  overview: "M2.5 2.5h4.5v4.5H2.5zM9.5 2.5h4v4.5h-4zM2.5 9.5h4.5v4H2.5zM9.5 9.5h4v4h-4z",
  approvals: "M2 8.5l3 3L10.5 5M8 11.5L14.5 5",
  inbox: "M2.5 9.500 4 3h8l1.500 6.500v3.500h-11zM2.500 9.500h3.500l1 1.500h2l1-1.500h3.500",
  bulk: "M2 4.5l1.5 1.5L6 3M2 10.5L3.5 12L6 9M8.5 4.5H14M8.5 10.5H14",
  signals: "M8 13.500h.01M5.200 10.200a4 4 0 0 1 5.600 0M2.500 7.500a8 8 0 0 1 11 0M8 2.500v3",
  report: "M2.5 13.5h11M4.5 11V7.5M8 11V3.5M11.5 11V6",
  alert: "M8 2.5 14 13H2zM8 6.500v3M8 11.300h.01",
  pause: "M5.5 3v10M10.5 3v10",
  menu: "M2 4h12M2 8h12M2 12h12",
  fold: "M2 2.5h12v11H2zM6 2.5v11",
  down: "M4 6l4 4 4-4",
  back: "M10 3.5 5.5 8l4.5 4.5",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  done: "M3 8.5l3.2 3.2L13 5",
  expand: "M9.5 2.5h4v4M13.5 2.5l-5 5M6.5 13.5h-4v-4M2.5 13.5l5-5",
  close: "M4 4l8 8M12 4l-8 8",
  right: "M2.5 8h10.5M9 4l4 4-4 4",
  person: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 13.8c.5-2.6 2.6-4 5.2-4s4.700 1.400 5.200 4",
  roles: "M2.5 2.5h11v11h-11zM2.5 6.2h11M6.2 2.5v11M9.8 2.5v11M2.5 9.8h11",
  token: "M10.500 9.500a4 4 0 1 0-3.500-2l-5 5v1.500h2.500v-1.500H6v-1.500h1.500z",
  door: "M4 14V2.500h8V14M2.500 14h11M9.500 8.500v-.01",
  checks: "M8 2l5 1.800v4c0 3-2.200 5-5 6.200-2.800-1.200-5-3.200-5-6.200v-4zM5.500 8l2 2 3-3.500",
  webhook: "M2 8h6.500M6 5.500 8.500 8 6 10.500M10.500 3h3.500v10h-3.500",
  audit: "M3.5 2h9v12h-9zM6 5.500h4M6 8h4M6 10.500h2.500",
  reveal:
    "M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8zM8 9.800a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600z",
} as const;

/** A drawn sign, always beside a word or inside something that has a name. */
export function Icon({ name, size = 16 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: "none" }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
