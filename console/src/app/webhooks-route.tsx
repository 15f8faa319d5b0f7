import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const WebhooksPage = lazy(async () => ({
  default: (await import("~/features/webhooks/webhooks-page")).WebhooksPage,
}));
const EndpointPage = lazy(async () => ({
  default: (await import("~/features/webhooks/endpoint-page")).EndpointPage,
}));

/** Where entries are told. */
export function WebhooksRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <WebhooksPage />
    </Suspense>
  );
}

/** One of these places. */
export function EndpointRoute() {
  const { id } = useParams({ from: "/signed-in/webhooks/$id" });
  const navigate = useNavigate();
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <EndpointPage key={id} id={id} onEnded={() => navigate({ to: "/webhooks" })} />
    </Suspense>
  );
}
