import { describe, expect, it } from "vitest";
import { CUT_SCENARIOS, type CutRun, type CutScenario, syncedBesideWriting } from "../testing/cut-scenarios.ts";
import { syncsInSource } from "../testing/sync-sites.ts";

const passed = await sitesPassed();

/** Which scenarios pass a sync, by the line that asks for it. */
async function sitesPassed(): Promise<Map<string, Set<CutScenario>>> {
  const sites = new Map<string, Set<CutScenario>>();
  for (const scenario of Object.values(CUT_SCENARIOS)) {
    await scenario({ onSync: (site) => void sites.set(site, (sites.get(site) ?? new Set()).add(scenario)) });
  }
  return sites;
}

/** Promises broken when everything is lost that no sync covers: at the end, or else at the first moment that breaks some. */
async function brokenIn({ disk, broken }: CutRun): Promise<number> {
  for (let moment = disk.now; moment >= 0; moment--) {
    const count = await broken(moment, () => "lost");
    if (count > 0) return count;
  }
  return 0;
}

async function brokenWithout(site: string): Promise<number> {
  const ignoreSync = (_: string, asking: string) => asking === site;
  for (const scenario of passed.get(site) ?? []) {
    const count = await brokenIn(await scenario({ ignoreSync }));
    if (count > 0) return count;
  }
  return 0;
}

describe("each sync of the store", () => {
  it("is passed by some run that is cut, so that none is left out below", async () => {
    const lines = new Set([...passed.keys()].map((site) => site.split(" for ")[0]));
    expect([...lines].sort()).toEqual((await syncsInSource()).sort());
  });

  // The one beside the writing of large objects spares whoever seals them time, and promises nothing (spec/storage.md §3).
  const needed = [...passed]
    .filter(([, runs]) => runs.size > 1 || !runs.has(syncedBesideWriting))
    .map(([site]) => site);

  it("is needed, but for one", () => {
    expect(passed.size - needed.length).toBe(1);
  });

  it.each(needed)("is needed: without %s a power cut loses something that was acknowledged", async (site) => {
    expect(await brokenWithout(site)).toBeGreaterThan(0);
  });
});
