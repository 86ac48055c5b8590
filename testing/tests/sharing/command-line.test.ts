import { describe, expect, it } from "vitest";
import { runExcalibur } from "../../../cli/src/program.ts";
import { askingTerminal, type Person, readTree, World } from "../../src/index.ts";

describe("sharing from the command line", () => {
  it("shares, accepts, reads and writes, verifies, and closes again", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/Holidays/list.txt", "towels");
    const run = async (person: Person, args: readonly string[], exitCode = 0) => {
      const ran = await world.runCli(person.laptop.home, [...args, "--json"]);
      expect([args, ran.exitCode, ran.stderr]).toEqual([args, exitCode, exitCode === 0 ? "" : expect.any(String)]);
      return JSON.parse(exitCode === 0 ? ran.stdout : ran.stderr) as Record<string, unknown>;
    };
    const refusal = (code: string) => ({ error: expect.objectContaining({ code }) });

    const fingerprint = String((await run(bob, ["whoami"]))["fingerprint"]);
    const wrong = fingerprint.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
    expect(await run(alice, ["contact", "verify", "bob", wrong], 3)).toEqual(refusal("fingerprint_mismatch"));
    expect(await run(alice, ["contact", "verify", "bob", "12345"], 2)).toEqual(refusal("bad_fingerprint"));
    expect(await run(alice, ["contact", "list"])).toEqual({ contacts: [] });
    expect(await run(alice, ["share", "/Holidays", "bob", "--role", "owner"], 2)).toEqual(refusal("usage"));
    expect(await run(alice, ["share", "/Holidays", "bob", "--role", "editor"])).toMatchObject({
      ...{ path: "/Holidays", role: "editor", isNew: true, person: { name: "bob", verified: false } },
    });
    expect(await run(alice, ["share", "/Holidays", "bob", "--role", "editor", "--with-versions"], 1)).toEqual(
      refusal("not_shareable"),
    );
    expect(await run(alice, ["contact", "verify", "bob", ...fingerprint.split(" ")])).toMatchObject({ verified: true });

    const { invitations } = (await run(bob, ["invitations"])) as { invitations: unknown[] };
    expect(invitations).toEqual([expect.objectContaining({ label: "Holidays", role: "editor" })]);
    expect(await run(alice, ["resend", "/Holidays", "bob"])).toEqual({ path: "/Holidays", person: "bob" });
    expect(await run(bob, ["accept", "alice", "--to", "/from alice"])).toMatchObject({ path: "/from alice" });
    expect(await run(bob, ["accept", "alice"], 1)).toEqual(refusal("no_invitation"));
    expect((await run(bob, ["ls"]))["entries"]).toEqual([
      expect.objectContaining({ name: "from alice", type: "folder", shared: true }),
    ]);
    await bob.laptop.catchUp();
    await bob.laptop.write("/from alice/more.txt", "hats");
    const { members } = (await run(alice, ["members", "/Holidays"])) as { members: { name: string }[] };
    expect(members).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "alice", role: "owner", answer: "accepted" }),
        expect.objectContaining({ name: "bob", role: "editor", answer: "accepted", verified: true }),
      ]),
    );
    const cat = await world.runCli(alice.laptop.home, ["cat", "/Holidays/more.txt"]);
    expect([cat.exitCode, cat.stdout]).toEqual([0, "hats"]);

    for (const [path, name] of [
      ["/", "from alice/more.txt"],
      ["/from alice", "from alice/list.txt"],
    ] as const) {
      const local = await world.localFolder("got");
      await run(bob, ["get", "-r", path, local]);
      expect([...(await readTree(local)).keys()]).toContain(name);
    }

    // Who deletes the account is told first who loses what.
    const env = { EXCALIBUR_HOME: alice.laptop.home };
    const { terminal, said } = askingTerminal({ when: /To delete it, type/, answer: "no\r" });
    expect(await runExcalibur(["account", "delete"], terminal, new AbortController().signal, env)).toBe(1);
    expect(said.join("\n")).toContain("Holidays, which you share, is gone for bob, too");
    expect(said.join("\n")).toContain("That is not the phrase.");

    const handOver = ["hand-over", "/Holidays", "bob"];
    expect(await run(alice, handOver, 2)).toEqual(refusal("usage"));
    expect(await run(alice, [...handOver, "--yes"])).toEqual({ path: "/Holidays", owner: "bob" });
    expect(await run(alice, ["unshare", "/Holidays", "bob"], 1)).toEqual(refusal("not_shared"));
    expect(await run(bob, ["hand-over", "/from alice", "alice", "--yes"])).toMatchObject({ owner: "alice" });

    const inside = { changed: [], unchanged: [] };
    const removed = { path: "/Holidays", removed: ["bob"], shared: true, inside };
    expect(await run(alice, ["unshare", "/Holidays", "bob"])).toEqual(removed);
    expect(await run(alice, ["re-encrypt", "/Holidays"])).toEqual({ path: "/Holidays", pages: 2, unreadable: 0 });
    expect(await run(alice, ["unshare", "/Holidays"])).toEqual({
      path: "/Holidays",
      removed: [],
      shared: false,
      inside,
    });
    expect((await run(alice, ["ls"]))["entries"]).toEqual([
      expect.objectContaining({ name: "Holidays", type: "folder", shared: false }),
    ]);
    expect(await run(alice, ["unshare", "/Holidays"], 1)).toEqual(refusal("not_shared"));
    expect(await run(bob, ["ls", "/from alice"], 1)).toEqual(refusal("volume_missing"));
    expect(await run(bob, ["leave", "/from alice"])).toEqual({ path: "/from alice" });
    expect((await run(bob, ["ls"]))["entries"]).toEqual([]);
  }, 180_000);
});
