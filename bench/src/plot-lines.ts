export interface Line {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const WIDTH = 760;
const HEIGHT = 360;
const BOX = { left: 70, right: 190, top: 50, bottom: 50 };
const COLORS = ["#2f6f9f", "#b3402a", "#8a6d1d", "#4b7f52", "#6a4c93"];

/** Lines over powers of ten, from zero up: what is flat looks flat. */
export function plotLines(options: {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly Line[];
}): string {
  const { title, xLabel, yLabel, lines } = options;
  const points = lines.flatMap((line) => line.points);
  const [first, last] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))].map(Math.log10);
  const most = Math.max(...points.map(({ y }) => y)) * 1.15;
  const span = Math.max(Number(last) - Number(first), 1e-9);
  const atX = (x: number) => BOX.left + ((Math.log10(x) - Number(first)) / span) * (WIDTH - BOX.left - BOX.right);
  const atY = (y: number) => HEIGHT - BOX.bottom - (y / most) * (HEIGHT - BOX.top - BOX.bottom);
  const ticks = [...new Set(points.map(({ x }) => x))];
  const drawn = lines.map(({ label, points: own }, index) => {
    const color = COLORS[index % COLORS.length] as string;
    const path = own.map(({ x, y }) => `${atX(x).toFixed(1)},${atY(y).toFixed(1)}`).join(" ");
    const dots = own.map(
      ({ x, y }) => `<circle cx="${atX(x).toFixed(1)}" cy="${atY(y).toFixed(1)}" r="4" fill="${color}"/>`,
    );
    const end = own.at(-1) ?? { x: 1, y: 0 };
    return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>
${dots.join("")}
<text x="${(atX(end.x) + 10).toFixed(1)}" y="${(atY(end.y) + 4).toFixed(1)}" fill="${color}">${label} ${end.y.toFixed(2)}</text>`;
  });
  const bottom = HEIGHT - BOX.bottom;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="16" y="26" font-size="16" font-weight="bold">${title}</text>
<line x1="${BOX.left}" x2="${WIDTH - BOX.right}" y1="${bottom}" y2="${bottom}" stroke="#444444"/>
<line x1="${BOX.left}" x2="${BOX.left}" y1="${BOX.top}" y2="${bottom}" stroke="#444444"/>
${ticks.map((x) => `<text x="${atX(x).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${x.toLocaleString("en")}</text>`).join("\n")}
<text x="${(BOX.left + WIDTH - BOX.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${xLabel}</text>
<text x="${BOX.left - 8}" y="${BOX.top + 4}" text-anchor="end">${most.toFixed(1)}</text>
<text x="${BOX.left - 8}" y="${bottom + 4}" text-anchor="end">0</text>
<text x="16" y="${BOX.top - 8}">${yLabel}</text>
${drawn.join("\n")}
</svg>
`;
}
