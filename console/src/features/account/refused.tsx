import { isProblem } from "~/api/problem";
import { useProblemWords } from "~/ui/faces";
import styles from "./account.module.css";

/** Why nothing happened; nothing where the reader left the question who they are unanswered. */
export function Refused({ error, wrong }: { error: Error | null; wrong?: string }) {
  const explain = useProblemWords();
  if (!error || isProblem(error, "step_up_required")) return null;
  return (
    <p role="alert" className={styles.refused}>
      {wrong && isProblem(error) && error.status === 422 ? wrong : explain(error)}
    </p>
  );
}
