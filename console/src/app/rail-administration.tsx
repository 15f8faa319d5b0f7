import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { Icon } from "~/ui/icon";
import styles from "./rail.module.css";

/** For who manages: people, roles, tokens, and what was changed about them; for who only makes endpoints, those. */
export function AdministrationLinks({ folded, manages }: { folded: boolean; manages: boolean }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const commands = {
    goPeople: () => void navigate({ to: "/people" }),
    goRoles: () => void navigate({ to: "/roles" }),
    goSources: () => void navigate({ to: "/sources" }),
    goTokens: () => void navigate({ to: "/tokens" }),
    goSignIns: () => void navigate({ to: "/sign-ins" }),
    goChecks: () => void navigate({ to: "/checks" }),
    goAudit: () => void navigate({ to: "/audit" }),
  };
  useShortcuts(manages ? commands : {});
  const sections = [
    { to: "/people", icon: "person", name: t`People` },
    { to: "/roles", icon: "roles", name: t`Roles` },
    { to: "/tokens", icon: "token", name: t`Tokens` },
    { to: "/sources", icon: "signals", name: t`Sources` },
    { to: "/sign-ins", icon: "door", name: t`Sign-ins` },
    { to: "/checks", icon: "checks", name: t`Checks` },
    { to: "/webhooks", icon: "webhook", name: t`Webhooks` },
    { to: "/audit", icon: "audit", name: t`Audit log` },
  ] as const;
  const seen = sections.filter(({ to }) => manages || to === "/webhooks");
  return (
    <>
      <h2 className={styles.group}>
        <Trans>Administration</Trans>
      </h2>
      <ul>
        {seen.map(({ to, icon, name }) => (
          <li key={to}>
            <Link
              to={to}
              className={styles.section}
              activeProps={{ "data-active": "" }}
              activeOptions={{ includeSearch: false }}
              title={folded ? name : undefined}
            >
              <Icon name={icon} />
              <span className={styles.word}>{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
