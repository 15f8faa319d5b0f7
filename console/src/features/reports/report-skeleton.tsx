import { useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import cards from "./report-cards.module.css";

const CARDS = [1, 2, 3, 4, 5, 6, 7, 8];
const HEIGHTS: Record<string, number> = { hours: 300, deadlines: 170, ageing: 258, people: 300 };

/** The report in its final layout, before there is anything in it. */
export function ReportSkeleton({ name }: { name: string }) {
  const { t } = useLingui();
  return (
    <div role="status" aria-label={t`Counting…`}>
      {name === "summary" ? (
        <div className={cards.cards}>
          {CARDS.map((card) => (
            <div key={card} className={cards.card}>
              <div className={cards.link}>
                <Skeleton height={12} width="50%" />
                <Skeleton height={24} width="70%" mt={6} />
              </div>
            </div>
          ))}
        </div>
      ) : (
        <Skeleton height={HEIGHTS[name] ?? 340} radius={4} />
      )}
    </div>
  );
}
