import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Face } from "~/ui/faces";

export function NotFoundPage() {
  const { t } = useLingui();
  return (
    <main>
      <title>{`${t`Not found`} · Viertakt`}</title>
      <Face whole title={t`There is no page at this address`}>
        <p>
          <Trans>
            The link may be old or mistyped. Operations are found by number, subject or id in the search
            above.
          </Trans>
        </p>
        <p>
          <Link to="/operations">
            <Trans>To the operations</Trans>
          </Link>
        </p>
      </Face>
    </main>
  );
}
