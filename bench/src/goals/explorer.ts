import { fillFolder } from "@excalibur/testing";
import { type Measures, type PairResult, runPairs } from "../pairs.ts";
import { writeReport } from "../report.ts";
import { enterPlainly, openPlainly, PERSON, startPlainServer, startWebClient } from "../web-client.ts";

const SIZES = [
  { entries: 10_000, goals: { rowsMs: 300, warmMs: 100 } },
  { entries: 100_000, goals: { rowsMs: 1_500, warmMs: 200 } },
] as const;
/** A large folder takes long to be made, and each pair needs one that the browser has not seen. */
const PAIRS_OF_THE_LARGEST = 3;

/** Goal 8: a folder opens, cold from the server and warm, against a page that fetches the same list in the clear and sorts it. */
export async function measureExplorer({ pairs: asked }: { readonly pairs: number }): Promise<void> {
  await using world = await startWebClient();
  await using browser = await enterPlainly(world);
  const laptop = await world.laptop(PERSON);
  const results: Record<string, PairResult> = {};
  for (const { entries } of SIZES) {
    const pairs = entries === SIZES[0].entries ? asked : Math.min(asked, PAIRS_OF_THE_LARGEST);
    const list = Array.from({ length: entries }, (_, index) => [`photo ${index + 1}.jpg`, 7, (index + 1) * 60_000]);
    await using plain = await startPlainServer({
      "/": { type: "text/html", body: "<!doctype html><title>A list</title><div id=list></div>" },
      "/list.json": { type: "application/json", body: JSON.stringify(list) },
    });
    await using peer = await openPlainly(plain);
    results[`of${entries}`] = await runPairs({
      pairs,
      product: async (round) => {
        const name = `Many ${entries} ${round}`;
        await fillFolder(laptop, { path: `/${name}`, count: entries });
        const cold = await browser.evaluate<Measures>(openFolder(name, entries));
        const warm = await browser.evaluate<Measures>(openFolder(name, entries));
        return {
          rowsMs: cold["rowsMs"] as number,
          wholeMs: cold["wholeMs"] as number,
          warmMs: warm["rowsMs"] as number,
        };
      },
      peer: async () => {
        const [ms, again] = [await peer.evaluate<number>(PLAIN_LIST), await peer.evaluate<number>(PLAIN_LIST)];
        return { rowsMs: ms, wholeMs: ms, warmMs: again };
      },
      onPair: (round, mine) =>
        process.stdout.write(`${entries} entries, pair ${round + 1} of ${pairs}: ${JSON.stringify(mine)}\n`),
    });
  }
  const rows = SIZES.flatMap(({ entries, goals }) =>
    Object.entries(goals).map(([column, goal]) => {
      const summary = results[`of${entries}`]?.product[column];
      if (summary === undefined) throw new Error("Nothing was measured.");
      const what = column === "warmMs" ? "warm" : "cold, first rows";
      return { label: `${entries.toLocaleString("en")} entries, ${what} (ms)`, summary, goal };
    }),
  );
  await writeReport({
    name: "explorer",
    title: "Milliseconds from opening a folder to its rows",
    verdicts: rows.map(({ label, summary, goal }) => ({ what: label, measured: summary.median, goal, unit: "ms" })),
    rows,
    details: results,
  });
}

/** In the page: opens a folder of the root, waits for its first rows and for all of it, and goes back. */
function openFolder(name: string, entries: number): string {
  return `(async () => {
    const page = () => document.querySelector(".ion-page:not(.ion-page-hidden):not(.ion-page-invisible) .list");
    const titled = (begin) => [...page()?.querySelectorAll("[data-index]") ?? []].find((row) => row.querySelector(".row-title")?.textContent.startsWith(begin));
    const seen = async (look) => { for (;;) { const found = look(); if (found) return found; await new Promise(requestAnimationFrame); } };
    const row = await seen(() => titled(${JSON.stringify(name)}));
    const began = performance.now();
    row.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await seen(() => titled("photo"));
    const rowsMs = performance.now() - began;
    const counted = ${JSON.stringify(`${entries.toLocaleString("en")} files`)};
    await seen(() => [...document.querySelectorAll(".selection-counts")].some(({ textContent }) => textContent === counted));
    const wholeMs = performance.now() - began;
    history.back();
    await seen(() => titled(${JSON.stringify(name)}));
    return { rowsMs, wholeMs };
  })()`;
}

const PLAIN_LIST = `(async () => {
  const place = document.getElementById("list");
  place.replaceChildren();
  const began = performance.now();
  const list = await (await fetch("/list.json")).json();
  const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  list.sort(([a], [b]) => names.compare(a, b));
  for (const [name, size, modified] of list.slice(0, 30)) {
    const row = document.createElement("div");
    row.textContent = name + " " + size + " " + new Date(modified).toLocaleString();
    place.append(row);
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
})()`;
