import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { readDeadlines, resumeDeadlines } from "~/api/generated/calls";
import { useProblemWords } from "~/ui/faces";
import styles from "./look-banner.module.css";

const LOOK_EVERY = 60_000;

/** Says that no time limit fires, since nobody would miss what does not happen; whoever administers lets them go on. */
export function DeadlinesBanner({ manages }: { manages: boolean }) {
  const client = useQueryClient();
  const explain = useProblemWords();
  const { data } = useQuery({
    queryKey: ["deadlines"],
    queryFn: ({ signal }) => readDeadlines({ signal }),
    refetchInterval: LOOK_EVERY,
  });
  const resume = useMutation({
    mutationFn: () => resumeDeadlines(),
    onSuccess: (standing) => client.setQueryData(["deadlines"], standing),
  });
  if (!data?.paused) return null;
  return (
    <div role="status" className={styles.banner}>
      <p>
        {data.pause?.cause === "clock" ? (
          <Trans>
            <strong>No time limit fires:</strong> the database's clock has jumped ahead. See to the clock
            first.
          </Trans>
        ) : (
          <Trans>
            <strong>No time limit fires:</strong> they were stopped by hand.
          </Trans>
        )}
        {resume.error ? ` ${explain(resume.error)}` : null}
      </p>
      {manages ? (
        <Button
          size="compact-md"
          variant="default"
          loading={resume.isPending}
          onClick={() => resume.mutate()}
        >
          <Trans>Let them go on</Trans>
        </Button>
      ) : null}
    </div>
  );
}
