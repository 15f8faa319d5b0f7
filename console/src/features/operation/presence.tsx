import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { lookAtOperation, lookAwayFromOperation } from "~/api/generated/calls";
import { sessionOptions } from "~/lib/session";
import styles from "./presence.module.css";

const TOLD_EVERY = 20_000;
const SHOWN_MAX = 3;

type Props = { id: string; writing: boolean };

/** Who else looks at this operation now; asking tells the others that the reader does. */
export function Presence({ id, writing }: Props) {
  const { t } = useLingui();
  // Whoever looks through a role's eyes is not there: they can do nothing that others had to know of.
  const { data: session } = useQuery({ ...sessionOptions, enabled: false });
  const unseen = Boolean(session?.look);
  const { data } = useQuery({
    enabled: !unseen,
    queryKey: ["presence", id, writing],
    queryFn: ({ signal }) => lookAtOperation(id, { writing }, { signal }),
    refetchInterval: TOLD_EVERY,
    refetchIntervalInBackground: false,
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  useEffect(
    () => () => {
      if (unseen) return;
      // The page may be going: the browser sends it all the same. Who cannot tell is forgotten in a minute.
      lookAwayFromOperation(id, { keepalive: true }).catch(() => undefined);
    },
    [id, unseen],
  );
  const others = data?.items ?? [];
  if (others.length === 0) return null;
  const names = others.map(({ name, writing }) => (writing ? t`${name} (writing)` : name)).join(", ");
  return (
    <p className={styles.presence} title={names}>
      {others.slice(0, SHOWN_MAX).map((one) => (
        <span
          key={one.id}
          className={styles.avatar}
          data-writing={one.writing ? "" : undefined}
          aria-hidden="true"
        >
          {initials(one.name)}
        </span>
      ))}
      <span>
        <Trans>Also here: {names}</Trans>
      </span>
    </p>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => word?.charAt(0).toUpperCase()).join("");
}
