import { describe, expect, it, vi } from "vitest";
import { runExcalibur } from "../../../cli/src/program.ts";
import { askingTerminal, type Device, World } from "../../src/index.ts";
import { accept, share } from "./acts.ts";

async function changeOf(device: Device, how: "move" | "copy", [to, ...paths]: readonly [string, ...string[]]) {
  const { sharing, files } = await device.drive;
  const items = await Promise.all(paths.map((path) => device.find(path)));
  const folderId = to === "/" ? files.rootId : (await device.find(to)).childId;
  return await sharing.accessChange({ items, folderId, how });
}

describe("putting things into shared folders, and out of them", () => {
  it("says before who will be able to open them, and who no longer can", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    const { laptop } = alice;
    await laptop.write("/Club/rules.txt", "none");
    await laptop.write("/Family/list.txt", "towels");
    await laptop.write("/own.txt", "mine");
    await share(laptop, "/Club", bob);
    await share(laptop, "/Family", bob);
    await share(laptop, "/Family", carol, "viewer");
    const none = { gain: [], lose: [], gainWriting: [], loseWriting: [], gainLinks: 0, loseLinks: 0 };
    expect(await changeOf(laptop, "move", ["/Club", "/own.txt"])).toEqual({ ...none, gain: ["bob"] });
    expect(await changeOf(laptop, "copy", ["/Club", "/own.txt"])).toEqual({ ...none, gain: ["bob"] });
    expect(await changeOf(laptop, "move", ["/", "/Family/list.txt"])).toEqual({ ...none, lose: ["bob", "carol"] });
    expect(await changeOf(laptop, "copy", ["/", "/Family/list.txt"])).toBeUndefined();
    expect(await changeOf(laptop, "move", ["/Club", "/Family/list.txt"])).toEqual({ ...none, lose: ["carol"] });
    expect(await changeOf(laptop, "move", ["/Family", "/Club/rules.txt"])).toEqual({ ...none, gain: ["carol"] });
    expect(await changeOf(laptop, "move", ["/Family", "/Club/rules.txt", "/own.txt"])).toEqual({
      ...none,
      gain: ["bob", "carol"],
    });
    // Within one folder, and of one's own drive, nothing changes for anybody; a shared folder goes with those in it.
    await laptop.makeFolder("/Family/2026");
    await laptop.makeFolder("/Private");
    expect(await changeOf(laptop, "move", ["/Family/2026", "/Family/list.txt"])).toBeUndefined();
    expect(await changeOf(laptop, "move", ["/Private", "/own.txt", "/Club"])).toBeUndefined();

    const { links } = await laptop.drive;
    await links.create(await laptop.find("/Club"), { role: "viewer" });
    expect(await changeOf(laptop, "move", ["/Club", "/own.txt"])).toEqual({ ...none, gain: ["bob"], gainLinks: 1 });
    expect(await changeOf(laptop, "move", ["/", "/Club/rules.txt"])).toEqual({ ...none, lose: ["bob"], loseLinks: 1 });
    // Whose folder it is does not matter.
    const { sharing } = await bob.laptop.drive;
    for (const { volumeId } of await sharing.invitations()) await sharing.accept(volumeId);
    await bob.laptop.write("/bobs.txt", "bob's");
    expect(await changeOf(bob.laptop, "move", ["/Family", "/bobs.txt"])).toEqual({ ...none, gain: ["alice", "carol"] });
  });

  it("names whose role is another one there, and asks nobody about what is refused anyway", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    await laptop.write("/Read/rules.txt", "none");
    await laptop.write("/Write/list.txt", "towels");
    await share(laptop, "/Read", bob, "viewer");
    await share(laptop, "/Write", bob, "editor");
    const none = { gain: [], lose: [], gainWriting: [], loseWriting: [], gainLinks: 0, loseLinks: 0 };
    expect(await changeOf(laptop, "move", ["/Write", "/Read/rules.txt"])).toEqual({ ...none, gainWriting: ["bob"] });
    expect(await changeOf(laptop, "move", ["/Read", "/Write/list.txt"])).toEqual({ ...none, loseWriting: ["bob"] });
    expect(await changeOf(laptop, "copy", ["/Read", "/Write/list.txt"])).toBeUndefined();
    const asked = await world.runCli(laptop.home, ["mv", "/Read/rules.txt", "/Write", "--json"]);
    expect(asked.stderr).toContain("It can also be changed by bob, who could only look.");

    const { sharing } = await bob.laptop.drive;
    for (const { volumeId } of await sharing.invitations()) await sharing.accept(volumeId);
    await bob.laptop.write("/own.txt", "bob's");
    const refused = expect.objectContaining({ code: "read_only" });
    await expect(changeOf(bob.laptop, "move", ["/Read", "/own.txt"])).rejects.toEqual(refused);
    await expect(changeOf(bob.laptop, "copy", ["/Read", "/own.txt"])).rejects.toEqual(refused);
    await expect(changeOf(bob.laptop, "move", ["/", "/Read/rules.txt"])).rejects.toEqual(refused);
    expect(await changeOf(bob.laptop, "copy", ["/", "/Read/rules.txt"])).toBeUndefined();
  });

  it("is asked about on a terminal, and done without one only when it is meant", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    await laptop.makeFolder("/Club");
    await laptop.write("/own.txt", "mine");
    await share(laptop, "/Club", bob);
    await accept(bob.laptop);
    const run = (...args: string[]) => world.runCli(laptop.home, [...args, "--json"]);
    for (const command of ["mv", "cp"]) {
      const refused = await run(command, "/own.txt", "/Club");
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining("can be opened by bob then")]);
    }
    vi.stubEnv("EXCALIBUR_HOME", laptop.home);
    for (const [answer, names] of [
      ["n", []],
      ["y", ["own.txt"]],
    ] as const) {
      const { terminal } = askingTerminal({ when: /It can be opened by bob then\. Go on\?/, answer });
      expect(await runExcalibur(["mv", "/own.txt", "/Club"], terminal, new AbortController().signal)).toBe(0);
      await laptop.catchUp();
      expect(await laptop.names("/Club")).toEqual(names);
    }
    vi.unstubAllEnvs();
    const out = await run("mv", "/Club/own.txt", "/");
    expect([out.exitCode, out.stderr]).toEqual([2, expect.stringContaining("It is gone for bob")]);
    expect((await run("mv", "--yes", "/Club/own.txt", "/")).exitCode).toBe(0);
    expect((await run("cp", "/own.txt", "/copy.txt")).exitCode).toBe(0);
    await laptop.catchUp();
    expect([await laptop.names("/Club"), await laptop.names("/")]).toEqual([[], ["Club", "copy.txt", "own.txt"]]);
  });
});
