/** What a bulk job is about: all that a filter finds when it is asked, or the operations that were ticked. */
export type BulkChoice = { q: string } | { ids: readonly string[]; kinds: readonly string[] };
