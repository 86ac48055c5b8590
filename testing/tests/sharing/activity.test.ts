import type { Act, Activity } from "@excalibur/sdk";
import { expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";
import { accept, share, unshare } from "./acts.ts";

const said = (act: Act): string => {
  const name = act.act === "renamed" ? `${act.from} -> ${act.name}` : act.name;
  return [act.act, name, ...("role" in act ? [act.role] : [])].join(" ");
};
const told = ({ by, acts }: Activity): string => `${by?.name}: ${acts?.map(said).sort().join(", ") ?? "?"}`;

async function activity(device: Device, path: string): Promise<string[]> {
  const { sharing } = await device.drive;
  return (await sharing.activity(await device.find(path))).map(told);
}

it("who did what in a shared folder, and when, is told from what everybody signed, also of who is gone", async () => {
  await using world = await World.start();
  const { alice, bob, carol } = await world.people("alice", "bob", "carol");
  await alice.laptop.write("/Team/plan.txt", "1");
  await share(alice.laptop, "/Team", bob);
  await share(alice.laptop, "/Team", carol, "viewer");
  await accept(bob.laptop);
  await accept(carol.laptop);
  await bob.laptop.write("/Team/notes/today.txt", "n");
  await bob.laptop.rename("/Team/plan.txt", "plans.txt");
  await alice.laptop.catchUp();
  await alice.laptop.write("/Team/plans.txt", "2", { onConflict: "replace" });
  await alice.laptop.move("/Team/plans.txt", { folder: "/Team/notes" });
  await alice.laptop.trash("/Team/notes/today.txt");
  await share(alice.laptop, "/Team", bob, "manager");
  await alice.laptop.find("/Team/notes");

  const expected = [
    "alice: member-role bob manager",
    "alice: trashed today.txt",
    "alice: moved plans.txt",
    "alice: changed plans.txt",
    "bob: renamed plan.txt -> plans.txt",
    "bob: added today.txt",
    "bob: added notes",
  ];
  expect((await activity(alice.laptop, "/Team")).slice(0, 7)).toEqual(expected);
  const { sharing } = await alice.laptop.drive;
  const folder = await alice.laptop.find("/Team");
  const members = await sharing.members(folder, { wrote: true });
  const [newest] = await sharing.activity(folder, { limit: 1 });
  const facts = members.map(({ name, addedBy, wrote }) => [name, addedBy, wrote?.sequence]).sort();
  expect(facts).toEqual([
    ["alice", undefined, newest!.sequence],
    ["bob", "alice", newest!.sequence - 4],
    ["carol", "alice", undefined],
  ]);

  // A viewer is told who and when; what stood there before is for those who may write.
  await carol.laptop.catchUp();
  const seen = await activity(carol.laptop, "/Team");
  expect(seen.slice(0, 2)).toEqual(["alice: member-role bob manager", "alice: ?"]);
  expect(seen.map((line) => line.split(":")[0])).toEqual(
    (await activity(alice.laptop, "/Team")).map((l) => l.split(":")[0]),
  );

  const origin = async (device: Device, path: string) => {
    const found = await (await device.drive).sharing.origin(await device.find(path));
    return found && [found.addedBy?.name, found.changed?.by?.name];
  };
  expect(await origin(alice.laptop, "/Team/notes")).toEqual(["bob", "bob"]);
  expect(await origin(alice.laptop, "/Team/notes/plans.txt")).toEqual(["alice", "alice"]);
  expect(await origin(alice.laptop, "/Team")).toBeUndefined();

  const json = async (...args: string[]) => {
    const ran = await world.runCli(alice.laptop.home, [...args, "--json"]);
    expect([ran.exitCode, ran.stderr]).toEqual([0, ""]);
    return JSON.parse(ran.stdout) as Record<string, unknown>;
  };
  expect(await json("activity", "/Team", "--limit", "2")).toMatchObject({
    path: "/Team",
    changes: [
      { by: { name: "alice", verified: true }, acts: [{ act: "member-role", name: "bob", role: "manager" }] },
      { by: { name: "alice" }, acts: [{ act: "trashed", name: "today.txt" }] },
    ],
  });
  expect(await json("stat", "/Team/notes")).toMatchObject({ addedBy: { name: "bob", verified: false } });
  expect((await json("members", "/Team"))["members"]).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: "bob", addedBy: "alice", wrote: expect.any(Object) })]),
  );

  await unshare(alice.laptop, "/Team", bob);
  const after = await activity(alice.laptop, "/Team");
  expect(after[0]).toBe("alice: member-removed bob manager");
  expect(after.slice(1, 8)).toEqual(expected);
});
