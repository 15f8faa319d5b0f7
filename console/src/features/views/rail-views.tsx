import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { useViewName } from "~/lib/view-names";
import { useViewGroups } from "./groups";
import styles from "./rail-views.module.css";
import { askedOf, viewCountsOptions, viewsOptions } from "./saved-views";
import { ViewCount } from "./view-count";

/** The views in the rail. Numbers stand only beside those that somebody starred or a team keeps. */
export function RailViews({ opened }: { opened: string | undefined }) {
  const { t } = useLingui();
  const nameOf = useViewName();
  const list = useRef<HTMLDivElement>(null);
  const { data } = useQuery(viewsOptions);
  const views = data?.items ?? [];
  const { data: counts } = useQuery({ ...viewCountsOptions, enabled: views.some((view) => view.counted) });
  const groups = useViewGroups(views);
  const focusFirst = () => list.current?.querySelector("a")?.focus();
  useShortcuts(groups.length > 0 ? { views: focusFirst } : {});
  if (groups.length === 0) return null;
  return (
    <div ref={list} className={styles.views}>
      <h2 className={styles.heading}>
        <Trans>Views</Trans>
      </h2>
      {groups.map((group) => (
        <section key={group.name} aria-label={t`Views: ${group.name}`}>
          {groups.length > 1 ? <h3 className={styles.group}>{group.name}</h3> : null}
          <ul>
            {group.views.map((view) => (
              <li key={view.id}>
                <Link
                  to="/operations"
                  search={{ ...askedOf(view), view: view.id }}
                  className={styles.view}
                  activeProps={{}}
                  data-active={view.id === opened ? "" : undefined}
                  aria-current={view.id === opened ? "page" : undefined}
                  title={view.fault ? t`This view's filter is not understood any more` : nameOf(view)}
                >
                  <span className={styles.name}>{nameOf(view)}</span>
                  {view.fault ? (
                    <span className={styles.fault} role="img" aria-label={t`not understood any more`}>
                      !
                    </span>
                  ) : view.counted ? (
                    <ViewCount count={counts?.get(view.id)} />
                  ) : null}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
