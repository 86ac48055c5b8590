import { expect, it } from "vitest";
import { type Person, World } from "../../src/index.ts";

it("invites somebody without an account from the command line, and lets them in", async () => {
  await using world = await World.start();
  const { alice, bob } = await world.people("alice", "bob");
  await alice.laptop.write("/Holidays/list.txt", "towels");
  const run = async (person: Person, args: readonly string[], exitCode = 0) => {
    const ran = await world.runCli(person.laptop.home, [...args, "--json"]);
    expect([args, ran.exitCode]).toEqual([args, exitCode]);
    return JSON.parse(exitCode === 0 ? ran.stdout : ran.stderr) as Record<string, unknown>;
  };
  const refusal = (code: string) => ({ error: expect.objectContaining({ code }) });
  expect(await run(alice, ["invite", "/Holidays", "--role", "manager"], 2)).toEqual(refusal("usage"));
  const made = await run(alice, ["invite", "/Holidays", "--role", "editor", "--label", "for bob", "--expires", "1d"]);
  expect(made).toMatchObject({ path: "/Holidays", role: "editor", label: "for bob", expires: expect.any(String) });
  const address = String(made["address"]);

  expect(await run(alice, ["join", address], 1)).toEqual(refusal("already_inside"));
  expect(await run(bob, ["join", "https://files.example/s/x"], 2)).toEqual(refusal("bad_link"));
  expect(await run(bob, ["join", address])).toMatchObject({ by: { name: "alice" }, label: "Holidays", role: "editor" });
  expect(await run(bob, ["invitations"])).toMatchObject({ invitations: [], waiting: [{ invitedBy: "alice" }] });
  const pending = (await run(bob, ["link", "list"]))["links"];
  expect(pending).toEqual([]);

  const { members, invitations } = await run(alice, ["members", "/Holidays"]);
  expect(members).toHaveLength(2);
  expect(members).toContainEqual(
    expect.objectContaining({ name: "bob", role: "editor", answer: "invited", verified: false }),
  );
  expect(invitations).toEqual([]);
  expect(await run(bob, ["invitations"])).toMatchObject({ invitations: [{ label: "Holidays" }], waiting: [] });
  expect(await run(bob, ["accept", "alice"])).toMatchObject({ path: "/Holidays" });

  // Withdrawn like a link; before that it is among the people, with nobody's name.
  const other = String((await run(alice, ["invite", "/Holidays", "--role", "viewer"]))["id"]);
  expect((await run(alice, ["members", "/Holidays"]))["invitations"]).toEqual([
    expect.objectContaining({ id: other, state: "open", claimed: false }),
  ]);
  expect(await run(alice, ["link", "revoke", other])).toMatchObject({ revoked: true });
  expect((await run(alice, ["members", "/Holidays"]))["invitations"]).toEqual([]);
});
