import type { Status } from "~/api/generated/model/status";

/** What a mark of a chart stands for: the number as people read it, and the operations behind it. */
export type Mark = { value: number; text: string; q: string | null; status?: Status };

export type Series = {
  name: string;
  as: "bar" | "line";
  /** A status has its colour and pattern; everything else is ink, told apart by shade and line. */
  status?: Status;
  /** Bars of one stack stand on each other. */
  stack?: string;
  /** On an axis of its own, opposite the first. */
  right?: boolean;
  /** Of the period before: behind the others. */
  pale?: boolean;
  marks: readonly (Mark | null)[];
};

export type Cartesian = {
  sort: "cartesian";
  categories: readonly string[];
  series: readonly Series[];
  /** Bars lie, so that long names can be read. */
  lying: boolean;
  /** How a number on the axis is written. */
  axis: (value: number) => string;
  axisRight?: (value: number) => string;
  /** The distance between two lines of the axis, where tens make no sense: hours, days. */
  step?: number;
  /** Where the axis ends, if not at the largest number. */
  most?: number;
};

export type Heat = {
  sort: "heat";
  across: readonly string[];
  down: readonly string[];
  cells: readonly { across: number; down: number; mark: Mark }[];
};

export type Flow = {
  sort: "flow";
  nodes: readonly string[];
  links: readonly { from: string; to: string; mark: Mark }[];
};

/** `drawn`: how many of how many there are; the table has them all. */
export type ChartSpec = (Cartesian | Heat | Flow) & { drawn?: { count: number; of: number } };
