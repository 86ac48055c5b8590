/** Shared folders inside shared ones: what an editor who writes mounts, and a server that leaves some out, get by it. */

import { toBase64Url } from "@excalibur/core/bytes";
import { isViolation } from "@excalibur/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusalOf } from "../../src/attacks/index.ts";
import { type Device, type Person, problemAnswer, World } from "../../src/index.ts";
import { accept, share, unshare } from "../sharing/acts.ts";

let world: World;
let alice: Person;
let bob: Person;
let carol: Person;
let dave: Person;

beforeEach(async () => {
  world = await World.start();
  ({ alice, bob, carol, dave } = await world.people("alice", "bob", "carol", "dave"));
  await alice.laptop.write("/Team/Plans/plan.txt", "p");
});
afterEach(() => world[Symbol.asyncDispose]());

async function names(device: Device, path: string): Promise<string[]> {
  const { sharing } = await device.drive;
  return (await sharing.members(await device.find(path))).map(({ name }) => name).sort();
}

describe("a mount that an editor wrote", () => {
  it("E12 lets nobody into what it names, also when the editor has gone; into what was shared there it does", async () => {
    const { laptop } = alice;
    await laptop.write("/Diary/today.txt", "mine and dave's");
    await share(laptop, "/Diary", dave);
    await share(laptop, "/Team", carol);
    await accept(carol.laptop);
    await share(laptop, "/Team/Plans", dave);
    const volumeOf = async (path: string) =>
      (await (await laptop.drive).volumes.place((await laptop.find(path)).childId)).volume;
    const [team, diary] = [await volumeOf("/Team"), await volumeOf("/Diary")];
    const { volume: home } = await laptop.drive;
    const carols = await (await carol.laptop.drive).volumes.volume(team.volumeId);
    for (const [name, { volumeId, genesisHash: genesisCommitHash }] of [
      ["Recipes", diary],
      ["Home", home],
      ["Round", team],
    ] as const) {
      const entry = { name, createdMs: 1, modifiedMs: 1, addedBy: new Uint8Array(16), type: 2 };
      const mount = { volumeId, genesisCommitHash };
      await carols.change((editor) => editor.addEntries(team.volumeId, [{ ...entry, mount } as never]));
    }
    await laptop.catchUp();
    for (const name of ["Home", "Round"]) {
      const error = await refusalOf(laptop.names(`/Team/${name}`));
      expect([name, error.code, isViolation(error)]).toEqual([name, "mount_circle", true]);
    }

    const kept = { changed: ["Plans"], unchanged: [{ name: "Recipes", reason: "others" }] };
    expect((await share(laptop, "/Team", bob)).inside).toEqual(kept);
    expect([await names(laptop, "/Diary"), await names(laptop, "/Team/Plans")]).toEqual([
      ...[
        ["alice", "dave"],
        ["alice", "bob", "carol", "dave"],
      ],
    ]);
    await unshare(laptop, "/Team", carol, bob);
    expect((await share(laptop, "/Team", bob)).inside).toEqual(kept);
    expect(await names(laptop, "/Diary")).toEqual(["alice", "dave"]);
    expect(home.members().rows).toHaveLength(1);
    const { sharing } = await laptop.drive;
    for (const name of ["Home", "Round"]) await sharing.leave(await laptop.find(`/Team/${name}`));
    expect(await laptop.names("/Team")).toEqual(["Plans", "Recipes"]);
    expect(await names(laptop, "/Team")).toEqual(["alice", "bob"]);
    // The way to a folder is not lost in the circle.
    expect(await laptop.readText("/Team/Plans/plan.txt")).toBe("p");
    const { files } = await laptop.drive;
    expect(await files.pathOf((await laptop.find("/Team/Plans")).childId)).toBe("/Team/Plans");
  });
});

describe("a server that leaves out an inner volume", () => {
  it("E6 is noticed: the removal says by name what it was not done in, and nothing is believed to be done", async () => {
    const { laptop } = alice;
    await share(laptop, "/Team", bob);
    await share(laptop, "/Team/Plans", dave);
    const { sharing, volumes } = await laptop.drive;
    const plans = (await volumes.place((await laptop.find("/Team/Plans")).childId)).volume.volumeId;
    const team = await laptop.find("/Team");
    expect(await sharing.inside(team, ["bob"])).toEqual({ changed: ["Plans"], unchanged: [] });

    laptop.network.interfere("*", async ({ path }, ask) =>
      path.includes(toBase64Url(plans)) ? problemAnswer("not_found", 404) : await ask(),
    );
    const left = { changed: [], unchanged: [{ name: "Plans", reason: "closed" }] };
    expect(await sharing.inside(team, ["bob"])).toEqual(left);
    expect(await sharing.remove(team, ["bob"])).toEqual(left);
    laptop.network.behave();
    await laptop.catchUp();
    // What is in it says who is in it, and it is done there by itself.
    expect(await names(laptop, "/Team")).toEqual(["alice"]);
    expect(await names(laptop, "/Team/Plans")).toEqual(["alice", "bob", "dave"]);
    await unshare(laptop, "/Team/Plans", bob);
    expect(await names(laptop, "/Team/Plans")).toEqual(["alice", "dave"]);
  });
});
