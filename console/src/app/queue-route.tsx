import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const QueuePage = lazy(async () => ({
  default: (await import("~/features/queue/queue-page")).QueuePage,
}));

/** Not part of the first load, as the other pages beside the list. */
export function QueueRoute() {
  const { empty } = useSearch({ from: "/signed-in/queue" });
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <QueuePage empty={empty} />
    </Suspense>
  );
}
