import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";

type Pages = Pick<
  UseInfiniteQueryResult,
  "hasNextPage" | "isFetchingNextPage" | "isFetchNextPageError" | "fetchNextPage"
>;
type Props = {
  list: Pages;
  /** How many are shown. */
  count: number;
  /** The word on the button. */
  more: string;
  /** What is said where more could not be had. */
  failed: string;
  className?: string | undefined;
};

/** The end of a list that comes in pages: more of it, or that this is all. */
export function ListFoot({ list, count, more, failed, className }: Props) {
  const { t } = useLingui();
  const shown = formatCount(count, useLanguage());
  return (
    <div className={className}>
      {list.hasNextPage ? (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {more}
        </Button>
      ) : null}
      <span>
        {list.isFetchNextPageError
          ? failed
          : list.hasNextPage
            ? t`${shown} shown`
            : t`${shown} shown, that is all`}
      </span>
    </div>
  );
}
