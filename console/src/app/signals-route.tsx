import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { sessionOptions } from "~/lib/session";

const SignalsPage = lazy(async () => ({
  default: (await import("~/features/signals/signals-page")).SignalsPage,
}));
const SignalPage = lazy(async () => ({
  default: (await import("~/features/signals/signal-page")).SignalPage,
}));
const SourcesPage = lazy(async () => ({
  default: (await import("~/features/signals/sources-page")).SourcesPage,
}));

/** What providers reported. */
export function SignalsRoute() {
  const search = useSearch({ from: "/signed-in/signals" });
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionOptions);
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <SignalsPage
        search={search}
        manages={session?.manages ?? false}
        onSearch={(chosen) => void navigate({ to: "/signals", search: chosen })}
      />
    </Suspense>
  );
}

/** One of them. */
export function SignalRoute() {
  const { source, id } = useParams({ from: "/signed-in/signals/$source/$id" });
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <SignalPage key={id} source={source} id={id} />
    </Suspense>
  );
}

/** Who reports to us. */
export function SourcesRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <SourcesPage />
    </Suspense>
  );
}
