import type { Summary } from "./statistics.ts";

export interface PlotRow {
  readonly label: string;
  readonly summary: Summary;
  readonly goal: number;
}

const WIDTH = 760;
const ROW = 44;
const LEFT = 300;
const RIGHT = 40;

/** Median as a dot, range as a line, goal as a mark; one row a measure. */
export function plotRatios(title: string, rows: readonly PlotRow[]): string {
  const most = Math.max(...rows.map(({ summary, goal }) => Math.max(summary.most, goal))) * 1.1;
  const x = (value: number) => LEFT + (value / most) * (WIDTH - LEFT - RIGHT);
  const height = 60 + rows.length * ROW;
  const body = rows.map(({ label, summary, goal }, index) => {
    const y = 60 + index * ROW;
    const color = summary.median <= goal ? "#2f6f9f" : "#b3402a";
    return `<text x="16" y="${y + 5}">${escapeMarkup(label)}</text>
<line x1="${x(summary.least)}" x2="${x(summary.most)}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="3"/>
<circle cx="${x(summary.median)}" cy="${y}" r="6" fill="${color}"/>
<text x="${x(summary.median)}" y="${y - 10}" text-anchor="middle" font-size="11">${summary.median.toFixed(2)}</text>
<line x1="${x(goal)}" x2="${x(goal)}" y1="${y - 14}" y2="${y + 14}" stroke="#8a6d1d" stroke-width="2" stroke-dasharray="3 2"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="16" y="28" font-size="16" font-weight="bold">${escapeMarkup(title)}</text>
${body.join("\n")}
</svg>
`;
}

function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
