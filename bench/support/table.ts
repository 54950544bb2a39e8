/** A Markdown table: the first column is text, the others numbers. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, at) => Math.max(4, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => (at === 0 ? (row[at] ?? "").padEnd(width) : (row[at] ?? "").padStart(width))).join(" | ")} |`;
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return `${[line(cells[0] ?? []), line(rule), ...cells.slice(1).map(line)].join("\n")}\n`;
}

/** How many times `base` it is. */
export const ratio = (value: number, base: number): string => (base === 0 ? "" : `${(value / base).toFixed(2)} x`);

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** What was not measured, and is not to be taken for nothing. */
export const NOT_MEASURED = "not measured";

/** The milliseconds that the work takes, by the clock. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
