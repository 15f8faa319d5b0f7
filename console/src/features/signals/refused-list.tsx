import { Problem } from "~/api/problem";
import { useProblemWords } from "~/ui/faces";
import styles from "./signals.module.css";

/** A refusal with all the faults that it names: an author mends a mapping once. */
export function RefusedList({ error }: { error: unknown }) {
  const explain = useProblemWords();
  const faults = error instanceof Problem ? error.faults : [];
  return (
    <div role="alert" className={styles.refused}>
      {faults.length > 0 ? (
        <ul>
          {faults.map((one) => (
            <li key={`${one.pointer} ${one.code}`}>
              {one.pointer ? <code>{one.pointer}</code> : null} {one.detail}
            </li>
          ))}
        </ul>
      ) : (
        explain(error)
      )}
    </div>
  );
}
