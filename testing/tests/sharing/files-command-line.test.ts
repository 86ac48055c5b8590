import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Person, readTree, World } from "../../src/index.ts";

it("a file is shared, replaced, read, linked, saved and taken back from the command line", async () => {
  await using world = await World.start();
  const { alice, bob, carol } = await world.people("alice", "bob", "carol");
  const run = async (person: Person, args: readonly string[], exitCode = 0) => {
    const ran = await world.runCli(person.laptop.home, [...args, "--json"]);
    expect([args, ran.exitCode, ran.stderr]).toEqual([args, exitCode, exitCode === 0 ? "" : expect.any(String)]);
    return JSON.parse(ran.stdout || ran.stderr) as Record<string, unknown>;
  };
  const said = async (person: Person, args: readonly string[]) =>
    (await world.runCli(person.laptop.home, args)).stdout.trimEnd();
  await alice.laptop.write("/plans/garden.txt", "roses");
  expect(await run(alice, ["share", "/plans/garden.txt", "bob", "--role", "editor"])).toMatchObject({ isNew: true });
  expect(await said(bob, ["invitations"])).toContain("file garden.txt  from alice");
  expect((await run(bob, ["invitations"]))["invitations"]).toEqual([
    expect.objectContaining({ label: "garden.txt", type: "file" }),
  ]);
  expect(await run(bob, ["accept", "garden.txt", "--to", "/hers.txt"])).toMatchObject({ path: "/hers.txt" });
  expect((await run(bob, ["ls"]))["entries"]).toEqual([
    expect.objectContaining({ name: "hers.txt", type: "file", size: 5, mediaType: "text/plain", shared: true }),
  ]);
  expect(await said(bob, ["ls"])).toContain("hers.txt (shared)");

  const local = await world.localFolder("new");
  await writeFile(join(local, "hers.txt"), "roses, tulips");
  await run(bob, ["put", "--replace", join(local, "hers.txt"), "/"]);
  expect(await said(alice, ["cat", "/plans/garden.txt"])).toBe("roses, tulips");
  expect((await run(alice, ["versions", "/plans/garden.txt"]))["versions"]).toHaveLength(1);
  await run(alice, ["restore", "/plans/garden.txt", "--version", "1"]);
  expect(await said(bob, ["cat", "/hers.txt"])).toBe("roses");
  expect(await run(bob, ["stat", "/hers.txt"])).toMatchObject({ type: "file", size: 5, shared: true });
  await run(bob, ["mv", "/hers.txt", "/renamed.txt"]);
  await run(bob, ["cp", "/renamed.txt", "/mine.txt"]);
  expect(await run(bob, ["rm", "/renamed.txt"], 1)).toMatchObject({
    failures: [{ code: "shared_folder" }],
  });
  const got = await world.localFolder("got");
  await run(bob, ["get", "-r", "/", got]);
  expect([...(await readTree(got)).keys()].sort()).toEqual(["mine.txt", "renamed.txt"]);
  expect((await run(alice, ["fsck"]))["damaged"]).toBe(0);

  const { address } = await run(alice, ["link", "create", "/plans/garden.txt"]);
  expect(await run(alice, ["link", "create", "/plans/garden.txt", "--edit"], 1)).toMatchObject({
    error: { code: "not_shareable" },
  });
  expect((await run(alice, ["link", "list", "/plans/garden.txt"]))["links"]).toHaveLength(1);
  const visited = await world.localFolder("visited");
  await run(carol, ["get", "--link", String(address), visited]);
  expect(await readFile(join(visited, "garden.txt"), "utf8")).toBe("roses");
  expect(await run(carol, ["save", "--link", String(address), "/"])).toMatchObject({ saved: 1, failed: 0 });
  expect(await said(carol, ["cat", "/garden.txt"])).toBe("roses");

  expect(await said(alice, ["unshare", "/plans/garden.txt"])).toContain("is an ordinary file again.");
  expect((await run(alice, ["ls", "/plans"]))["entries"]).toEqual([
    expect.objectContaining({ name: "garden.txt", type: "file", shared: false }),
  ]);
  expect(await run(bob, ["cat", "/renamed.txt"], 1)).toMatchObject({ error: { code: "volume_missing" } });
  await run(bob, ["leave", "/renamed.txt"]);
  expect((await run(bob, ["ls"]))["entries"]).toEqual([expect.objectContaining({ name: "mine.txt", shared: false })]);
}, 180_000);
