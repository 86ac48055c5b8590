import { describe, expect, it } from "vitest";
import { writeUnreadablePage } from "../../src/attacks/index.ts";
import { type Person, World } from "../../src/index.ts";
import { loseObjects } from "../lost-objects.ts";
import { accept, share, unshare } from "./acts.ts";

interface Told {
  readonly damaged: number;
  readonly findings: readonly Record<string, unknown>[];
}

describe("fsck in shared folders", () => {
  it("finds what is damaged there, repairs what one may change, and says whom to ask about the rest", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Docs/letters/first.txt", "one");
    await alice.laptop.write("/Docs/lost/found.txt", "found");
    await alice.laptop.write("/Docs/torn.txt", "torn");
    await share(alice.laptop, "/Docs", bob);
    await share(alice.laptop, "/Docs", carol, "viewer");
    const { volumeId } = await accept(bob.laptop);
    await accept(carol.laptop);
    await bob.laptop.makeFolder("/Work");
    await bob.laptop.move("/Docs", { folder: "/Work" });
    const fsck = async ({ laptop }: Person, args: readonly string[], exitCode: number): Promise<Told> => {
      const ran = await world.runCli(laptop.home, ["fsck", ...args, "--json"]);
      expect([args, ran.exitCode, ran.stderr]).toEqual([args, exitCode, expect.anything()]);
      return JSON.parse(ran.stdout) as Told;
    };
    expect(await fsck(bob, ["--contents"], 0)).toMatchObject({ damaged: 0, findings: [] });

    const letters = await alice.laptop.find("/Docs/letters");
    const lost = await alice.laptop.find("/Docs/lost");
    const { volumes } = await alice.laptop.drive;
    const shared = await volumes.volume(volumeId);
    await shared.change((editor) => editor.removeEntries(volumeId, [lost.childId]));
    // Letters had another page before: that is what comes back.
    await alice.laptop.write("/Docs/letters/second.txt", "two");
    await writeUnreadablePage(alice.laptop, letters.childId, { volumeId });

    const page = { kind: "page_unreadable", code: "page_damaged", mended: false };
    const looked = await fsck(carol, ["--repair", "--yes"], 3);
    expect(looked).toMatchObject({ damaged: 2 });
    expect(looked.findings).toEqual([
      expect.objectContaining({ ...page, path: "/Docs/letters", remedy: "ask_others" }),
      expect.objectContaining({ kind: "unreachable", remedy: "ask_others", mended: false }),
    ]);
    expect(await fsck(bob, ["/Work/Docs/letters"], 3)).toMatchObject({
      ...{ damaged: 1, findings: [{ ...page, path: "/Work/Docs/letters", remedy: "earlier_page", entries: 2 }] },
    });
    const repaired = await fsck(bob, ["--repair", "--yes"], 0);
    expect(repaired.findings.map(({ path, mended }) => [path, mended])).toEqual([
      ["/Work/Docs/letters", true],
      [expect.stringMatching(/^\/Work\/Docs\/\(unreachable\)\/folder /), true],
    ]);
    await alice.laptop.catchUp();
    expect(await alice.laptop.names("/Docs/letters")).toEqual(["first.txt", "second.txt"]);
    const [name] = await alice.laptop.names("/Docs/Recovered");
    expect(await alice.laptop.readText(`/Docs/Recovered/${name}/found.txt`)).toBe("found");

    // Lost contents are set aside in the folder that they are in.
    await bob.laptop.catchUp();
    loseObjects(bob.laptop, [(await bob.laptop.find("/Work/Docs/torn.txt")).entry.file!]);
    const { repair } = await bob.laptop.drive;
    const { findings } = await repair.examine({ contents: true });
    expect(findings).toMatchObject([{ kind: "contents_lost", path: "/Work/Docs/torn.txt", remedy: "recover" }]);
    expect((await repair.mend(findings)).map(({ error }) => error)).toEqual([undefined]);
    expect(await bob.laptop.names("/Work/Docs/Recovered")).toEqual([name, "torn.txt"].sort());
    expect(await bob.laptop.names("/Work/Docs")).toEqual(["Recovered", "letters"]);
    expect(await bob.laptop.names("/")).toEqual(["Work"]);

    await unshare(alice.laptop, "/Docs", carol);
    expect(await fsck(carol, [], 0)).toMatchObject({
      damaged: 0,
      findings: [{ kind: "share_closed", path: "/Docs", remedy: "none" }],
    });
  });
});
