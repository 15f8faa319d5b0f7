/** The mark: four strokes, one a status. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 25 20" height={size} width={size * 1.25} aria-hidden="true">
      <rect x="0" y="11" width="4" height="9" rx="2" fill="var(--v-pending)" />
      <rect x="7" y="0" width="4" height="20" rx="2" fill="var(--v-success)" />
      <rect x="14" y="5" width="4" height="15" rx="2" fill="var(--v-error)" />
      <rect x="21" y="8" width="4" height="12" rx="2" fill="var(--v-rejected)" />
    </svg>
  );
}
