import { ApprovalsPage } from "~/features/approvals/approvals-page";
import { useWaitingJobs, WaitingJobs } from "~/features/bulk/waiting-jobs";

/** Single moves and whole bulk jobs wait in one place. */
export function ApprovalsInbox() {
  const jobs = useWaitingJobs();
  return <ApprovalsPage others={jobs.length} beside={jobs.length > 0 ? <WaitingJobs jobs={jobs} /> : null} />;
}
