import type { EChartsCoreOption } from "echarts/core";
import type { Cartesian, ChartSpec, Flow, Heat, Mark, Series } from "./chart-spec";

/** The colours of the page as it stands: the theme decides, not the chart. */
export type Inks = Record<
  "ink" | "muted" | "line" | "paper" | "surface" | "pending" | "success" | "error" | "rejected",
  string
>;

export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element);
  const ink = (name: string) => style.getPropertyValue(`--v-${name}`).trim();
  return {
    ink: ink("ink"),
    muted: ink("muted"),
    line: ink("line"),
    paper: ink("paper"),
    surface: ink("surface"),
    pending: ink("pending"),
    success: ink("success"),
    error: ink("error"),
    rejected: ink("rejected"),
  };
}

/** What ECharts is told. Nothing moves, everything that has a list behind it can be clicked. */
export function optionsOf(spec: ChartSpec, inks: Inks, width: number): EChartsCoreOption {
  const shared = {
    animation: false,
    // Before what a kind of chart says of its own.
    backgroundColor: "transparent",
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif", color: inks.muted, fontSize: 12 },
  };
  switch (spec.sort) {
    case "cartesian":
      return { ...shared, ...cartesian(spec, inks, width) };
    case "heat":
      return { ...shared, ...heat(spec, inks, width) };
    case "flow":
      return { ...shared, ...flow(spec, inks, width) };
  }
}

/** The mark under a click, or none. */
export function markOf(spec: ChartSpec, series: number, index: number): Mark | null {
  if (spec.sort === "cartesian") return spec.series[series]?.marks[index] ?? null;
  if (spec.sort === "heat") return spec.cells[index]?.mark ?? null;
  return spec.links[index]?.mark ?? null;
}

function cartesian(spec: Cartesian, inks: Inks, width: number): EChartsCoreOption {
  const lines = { lineStyle: { color: inks.line } };
  const categories = {
    type: "category",
    data: spec.categories,
    inverse: spec.lying,
    axisTick: { show: false },
    axisLine: lines,
    axisLabel: {
      color: inks.muted,
      hideOverlap: !spec.lying,
      ...(spec.lying
        ? {
            width: Math.min(260, Math.round(width * (width < 520 ? 0.46 : 0.36))),
            overflow: "truncate",
            interval: 0,
          }
        : {}),
    },
  };
  const values = [
    {
      type: "value",
      minInterval: 1,
      ...(spec.step ? { interval: spec.step, max: ({ max }: { max: number }) => topOf(max, spec.step) } : {}),
      ...(spec.most === undefined ? {} : { max: spec.most, minInterval: 0 }),
      axisLabel: { color: inks.muted, formatter: spec.axis, hideOverlap: true },
      splitLine: lines,
    },
    ...(spec.axisRight
      ? [
          {
            type: "value",
            min: 0,
            max: 1,
            interval: width < 520 ? 0.5 : 0.2,
            axisLabel: { color: inks.muted, formatter: spec.axisRight },
            splitLine: { show: false },
          },
        ]
      : []),
  ];
  // Bars that a line crosses are lighter than the line.
  const crossed = spec.series.some((series) => series.as === "line" && !series.pale && !series.right);
  const top = spec.series.length < 2 ? 12 : 18 + 22 * linesOf(spec.series, width);
  return {
    grid: { left: 8, right: 12, top, bottom: 4, containLabel: true },
    legend: {
      show: spec.series.length > 1,
      left: 0,
      top: 0,
      itemWidth: 18,
      itemHeight: 12,
      textStyle: { color: inks.ink },
      inactiveColor: inks.muted,
      // A line shows its dashes and its points; a bar its pattern.
      data: spec.series.map(({ name, as }) => (as === "line" ? { name } : { name, icon: "rect" })),
    },
    tooltip: { ...tooltip(inks), formatter: textOf(spec) },
    xAxis: spec.lying ? values : categories,
    yAxis: spec.lying ? categories : values,
    series: spec.series.map((series, nth) => {
      // What came before looks like what it is compared with, only paler.
      const own = spec.series.slice(0, nth + 1).filter((one) => !one.pale && one.as === series.as).length - 1;
      const lighter = series.as === "bar" && crossed ? 1 : 0;
      return seriesOf(series, Math.max(0, own) + lighter, inks, spec.lying);
    }),
  };
}

/** How many lines the legend takes, by what its letters come to. */
function linesOf(series: readonly Series[], width: number): number {
  let [lines, used] = [1, 0];
  for (const { name } of series) {
    const needed = 34 + name.length * 7;
    if (used > 0 && used + needed > width) [lines, used] = [lines + 1, 0];
    used += needed;
  }
  return lines;
}

function topOf(most: number, step = 1): number {
  return Math.max(1, Math.ceil(most / step)) * step;
}

const DASHES = ["solid", "dashed", "dotted", [12, 4, 2, 4]] as const;
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];
// How much of the ink is left in each bar of a group or a stack.
const SHADES = [1, 0.55, 0.3, 0.78, 0.15];
const PALE = 0.35;

function seriesOf(series: Series, nth: number, inks: Inks, lying: boolean) {
  const data = series.marks.map((mark) => dataOf(mark, series, inks));
  return series.as === "line"
    ? lineOf(series, nth, inks, lying, data)
    : barOf(series, nth, inks, lying, data);
}

function dataOf(mark: Mark | null, series: Series, inks: Inks) {
  if (!mark) return null;
  const stands = mark.status && series.as === "bar" ? mark.status : null;
  return {
    value: mark.value,
    cursor: cursorOf(mark),
    ...(stands ? { itemStyle: { color: inks[stands], decal: decals(inks.paper)[stands] } } : {}),
  };
}

function lineOf(series: Series, nth: number, inks: Inks, lying: boolean, data: readonly unknown[]) {
  const color = series.pale ? mixed(inks.ink, inks.paper, 0.5) : inks.ink;
  return {
    type: "line",
    name: series.name,
    data,
    ...(series.right ? (lying ? { xAxisIndex: 1 } : { yAxisIndex: 1 }) : {}),
    color,
    symbol: SYMBOLS[nth % SYMBOLS.length],
    symbolSize: series.marks.length > MANY || series.pale ? 5 : 7,
    showAllSymbol: true,
    connectNulls: false,
    itemStyle: { borderColor: inks.paper, borderWidth: 1 },
    lineStyle: {
      width: series.pale ? 1.25 : 2,
      type: series.pale ? "dashed" : DASHES[nth % DASHES.length],
      color,
    },
    z: series.pale ? 2 : 4,
  };
}

const MANY = 60;

function barOf(series: Series, nth: number, inks: Inks, lying: boolean, data: readonly unknown[]) {
  const shade = (SHADES[nth % SHADES.length] ?? 1) * (series.pale ? PALE : 1);
  return {
    type: "bar",
    name: series.name,
    data,
    ...(series.stack ? { stack: series.stack } : {}),
    barMaxWidth: lying ? 18 : 38,
    barMinHeight: series.stack ? 0 : 2,
    itemStyle: {
      color: series.status ? inks[series.status] : mixed(inks.ink, inks.paper, shade),
      borderColor: inks.paper,
      borderWidth: series.stack ? 0.5 : 0,
      ...(series.status ? { decal: decals(inks.paper)[series.status] } : {}),
    },
  };
}

/** So much of one colour in the other, both as `#rrggbb`. */
function mixed(color: string, ground: string, share: number): string {
  const parts = (text: string) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  const [over, under] = [parts(color), parts(ground)];
  if ([...over, ...under].some(Number.isNaN)) return color;
  const mix = over.map((part, at) => Math.round(part * share + (under[at] ?? 0) * (1 - share)));
  return `#${mix.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** A pattern for each status, for whoever can't tell the colours apart. */
const decals = (paper: string) => ({
  pending: { symbol: "none" },
  success: { symbol: "rect", color: paper, dashArrayX: [1, 0], dashArrayY: [1.5, 6], rotation: -Math.PI / 4 },
  error: {
    symbol: "circle",
    color: paper,
    dashArrayX: [
      [6, 6],
      [0, 6, 6, 0],
    ],
    dashArrayY: [6, 0],
    symbolSize: 0.45,
  },
  rejected: {
    symbol: "rect",
    color: paper,
    dashArrayX: [
      [1, 0],
      [1.5, 6],
    ],
    dashArrayY: [1.5, 6, 6, 0],
    rotation: Math.PI / 4,
  },
});

const ROOM_FOR_NUMBERS = 800;

function heat(spec: Heat, inks: Inks, width: number): EChartsCoreOption {
  const axis = {
    type: "category",
    splitArea: { show: false },
    axisTick: { show: false },
    axisLine: { show: false },
  };
  const most = Math.max(1, ...spec.cells.map((cell) => cell.mark.value));
  return {
    grid: { left: 8, right: 12, top: 8, bottom: 4, containLabel: true },
    tooltip: { ...tooltip(inks), formatter: textOf(spec) },
    xAxis: { ...axis, data: spec.across, axisLabel: { color: inks.muted } },
    yAxis: { ...axis, data: spec.down, inverse: true, axisLabel: { color: inks.muted } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: [inks.paper, inks.ink] } },
    series: [
      {
        type: "heatmap",
        data: spec.cells.map(({ across, down, mark }) => ({
          value: [across, down, mark.value],
          cursor: cursorOf(mark),
          label: {
            show: width >= ROOM_FOR_NUMBERS && mark.value > 0,
            formatter: () => mark.text,
            color: mark.value > most * 0.55 ? inks.paper : inks.ink,
            fontSize: 11,
          },
        })),
        itemStyle: { borderColor: inks.line, borderWidth: 1 },
      },
    ],
  };
}

function flow(spec: Flow, inks: Inks, width: number): EChartsCoreOption {
  return {
    tooltip: { ...tooltip(inks), formatter: textOf(spec) },
    series: [
      {
        type: "sankey",
        left: 0,
        right: Math.min(150, Math.round(width * 0.3)),
        nodeWidth: 8,
        top: 8,
        bottom: 8,
        nodeGap: 14,
        draggable: false,
        emphasis: { focus: "adjacency" },
        data: spec.nodes.map((name) => ({ name, itemStyle: { color: inks.ink } })),
        links: spec.links.map(({ from, to, mark }) => ({
          source: from,
          target: to,
          value: Math.max(mark.value, 0.001),
          cursor: cursorOf(mark),
        })),
        // Stands over what it meets.
        label: {
          color: inks.ink,
          textBorderColor: inks.paper,
          textBorderWidth: 3,
          width: Math.min(140, Math.round(width * 0.28)),
          overflow: "truncate",
        },
        lineStyle: { color: inks.muted, opacity: 0.25, curveness: 0.5 },
      },
    ],
  };
}

function tooltip(inks: Inks) {
  return {
    trigger: "item",
    backgroundColor: inks.surface,
    borderColor: inks.line,
    textStyle: { color: inks.ink, fontSize: 12.5 },
    confine: true,
  };
}

type Pointed = {
  seriesIndex: number;
  dataIndex: number;
  seriesName: string;
  name: string;
  dataType?: string;
};

function textOf(spec: ChartSpec) {
  return (pointed: Pointed) => {
    if (spec.sort === "flow" && pointed.dataType !== "edge") return escaped(pointed.name);
    const mark = markOf(spec, pointed.seriesIndex, pointed.dataIndex);
    if (!mark) return "";
    if (spec.sort === "cartesian")
      return escaped(
        `${pointed.name} · ${spec.series.length > 1 ? `${pointed.seriesName} ` : ""}${mark.text}`,
      );
    if (spec.sort === "heat") {
      const cell = spec.cells[pointed.dataIndex];
      return escaped(`${spec.down[cell?.down ?? 0]} ${spec.across[cell?.across ?? 0]} · ${mark.text}`);
    }
    const link = spec.links[pointed.dataIndex];
    return escaped(`${link?.from} → ${link?.to} · ${mark.text}`);
  };
}

/** A tooltip is HTML to ECharts; names come from kinds and people. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cursorOf(mark: Mark): string {
  return mark.q === null ? "default" : "pointer";
}
