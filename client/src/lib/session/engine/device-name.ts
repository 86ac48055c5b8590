/** "Chrome · Linux" and the like: coarse, because others see it. */
export function deviceName({
  client,
  userAgent,
}: {
  readonly client: "web" | "app";
  readonly userAgent: string;
}): string {
  const named = (marks: readonly (readonly [string, RegExp])[]): string | undefined =>
    marks.find(([, mark]) => mark.test(userAgent))?.[0];
  const browser = named([
    ["Firefox", /Firefox\//],
    ["Edge", /Edg\//],
    ["Chrome", /Chrom(e|ium)\//],
    ["Safari", /Safari\//],
  ]);
  const system = named([
    ["Android", /Android/],
    ["iOS", /iPhone|iPad/],
    ["Windows", /Windows/],
    ["macOS", /Mac OS X/],
    ["Linux", /Linux/],
  ]);
  const program = client === "app" ? "Excalibur" : (browser ?? "Browser");
  return [program, system].filter(Boolean).join(" · ");
}
