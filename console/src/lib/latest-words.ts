import { useQuery } from "@tanstack/react-query";
import type { Kind } from "~/api/generated/model/kind";
import { kindsOptions } from "./kinds";
import { useLanguage } from "./language";
import { textIn, wordFromName } from "./words";

/** What kinds, stages and transitions are called by their latest versions. */
export function useLatestWords() {
  const language = useLanguage();
  const { data } = useQuery(kindsOptions);
  const documents = new Map<string, Kind>((data?.items ?? []).map((one) => [one.kind, one.document]));
  const label = (texts: Parameters<typeof textIn>[0], name: string) =>
    textIn(texts, language) ?? wordFromName(name);
  return {
    documents,
    kind: (name: string) => label(documents.get(name)?.label, name),
    stage: (kind: string, name: string) => label(documents.get(kind)?.labels?.stages?.[name], name),
    attribute: (kind: string, name: string) => label(documents.get(kind)?.labels?.attributes?.[name], name),
    /** A transition's word in the first of these kinds that has it; of any kind where none is named. */
    transition: (name: string, kinds: readonly string[] = []) => {
      const asked = kinds.length > 0 ? kinds : [...documents.keys()];
      const owner = asked.map((kind) => documents.get(kind)).find((one) => one?.transitions[name]);
      return label(owner?.labels?.transitions?.[name], name);
    },
  };
}
