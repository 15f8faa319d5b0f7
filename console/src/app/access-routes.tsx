import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { sessionOptions } from "~/lib/session";

const PeoplePage = lazy(async () => ({
  default: (await import("~/features/access/people-page")).PeoplePage,
}));
const RolesPage = lazy(async () => ({ default: (await import("~/features/access/roles-page")).RolesPage }));
const TokensPage = lazy(async () => ({
  default: (await import("~/features/access/tokens-page")).TokensPage,
}));
const SignInsPage = lazy(async () => ({
  default: (await import("~/features/access/sign-ins-page")).SignInsPage,
}));
const AuditPage = lazy(async () => ({ default: (await import("~/features/access/audit-page")).AuditPage }));

const ChecksPage = lazy(async () => ({
  default: (await import("~/features/checks/checks-page")).ChecksPage,
}));

/** Not part of the first load: few people administer. */
function Later({ children }: { children: ReactNode }) {
  return <Suspense fallback={<main aria-busy="true" />}>{children}</Suspense>;
}

export function PeopleRoute() {
  return (
    <Later>
      <PeoplePage />
    </Later>
  );
}

export function RolesRoute() {
  const { role } = useSearch({ from: "/signed-in/roles" });
  const navigate = useNavigate();
  return (
    <Later>
      <RolesPage role={role} onRole={(chosen) => navigate({ to: "/roles", search: { role: chosen } })} />
    </Later>
  );
}

export function TokensRoute() {
  return (
    <Later>
      <TokensPage />
    </Later>
  );
}

export function SignInsRoute() {
  const { person } = useSearch({ from: "/signed-in/sign-ins" });
  const navigate = useNavigate();
  return (
    <Later>
      <SignInsPage
        person={person}
        onPerson={(chosen) => navigate({ to: "/sign-ins", search: { person: chosen } })}
      />
    </Later>
  );
}

export function ChecksRoute() {
  const { data: session } = useQuery(sessionOptions);
  return (
    <Later>
      <ChecksPage me={session?.actor.id} />
    </Later>
  );
}

export function AuditRoute() {
  const search = useSearch({ from: "/signed-in/audit" });
  const { data: session } = useQuery(sessionOptions);
  const navigate = useNavigate();
  return (
    <Later>
      <AuditPage
        search={search}
        me={session?.actor.id}
        onSearch={(chosen) => navigate({ to: "/audit", search: chosen })}
      />
    </Later>
  );
}
