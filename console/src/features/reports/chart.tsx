import { useMantineColorScheme } from "@mantine/core";
import { BarChart, HeatmapChart, LineChart, SankeyChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { inksOf, markOf, optionsOf } from "./chart-options";
import type { ChartSpec, Mark } from "./chart-spec";

use([
  BarChart,
  LineChart,
  HeatmapChart,
  SankeyChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
  AriaComponent,
  SVGRenderer,
]);

type Props = { spec: ChartSpec; label: string; height: number; onPick: (mark: Mark) => void };

/** A chart for the eye and the mouse. The table beside it says the same to everybody, and leads to the same lists. */
export function Chart({ spec, label, height, onPick }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const latest = useRef({ spec, onPick });
  latest.current = { spec, onPick };
  const { colorScheme } = useMantineColorScheme();

  useEffect(() => {
    if (!place.current) return;
    const made = init(place.current, null, { renderer: "svg" });
    chart.current = made;
    made.on("click", (event) => {
      const {
        seriesIndex = 0,
        dataIndex,
        dataType,
      } = event as { seriesIndex?: number; dataIndex: number; dataType?: string };
      if (dataType === "node") return;
      const mark = markOf(latest.current.spec, seriesIndex, dataIndex);
      if (mark?.q != null) latest.current.onPick(mark);
    });
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours that are read from the page
  useEffect(() => {
    if (!place.current || !chart.current) return;
    const paint = () => {
      const here = place.current;
      if (here) chart.current?.setOption(optionsOf(spec, inksOf(here), here.clientWidth), { notMerge: true });
    };
    paint();
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", paint);
    return () => dark.removeEventListener("change", paint);
  }, [spec, colorScheme]);

  return <div ref={place} role="img" aria-label={label} style={{ height }} />;
}
