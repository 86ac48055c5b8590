import { expect, it } from "vitest";
import { readTree, World } from "../../src/index.ts";

it("links from the command line: made, shown, listed; a stranger lists and fetches; taken back they end", async () => {
  await using world = await World.start();
  const { alice } = await world.people("alice");
  await alice.laptop.write("/Holidays/day/list.txt", "towels");
  await alice.laptop.write("/alone.txt", "1");
  const stranger = await world.localFolder("stranger");
  const run = async (
    home: string,
    args: readonly string[],
    { exitCode = 0, input = "" }: { exitCode?: number; input?: string } = {},
  ) => {
    const ran = await world.runCli(home, [...args, "--json"], { stdin: input });
    expect([args, ran.exitCode, ran.stderr]).toEqual([args, exitCode, exitCode === 0 ? "" : expect.any(String)]);
    return JSON.parse(exitCode === 0 ? ran.stdout : ran.stderr) as Record<string, unknown>;
  };
  const own = (args: readonly string[], options = {}) => run(alice.laptop.home, args, options);
  const visit = (args: readonly string[], options = {}) => run(stranger, args, options);
  const refusal = (code: string) => ({ error: expect.objectContaining({ code }) });

  expect(await own(["link", "create", "/alone.txt", "--edit"], { exitCode: 1 })).toEqual(refusal("not_shareable"));
  expect(await own(["link", "create", "/"], { exitCode: 1 })).toEqual(refusal("not_shareable"));
  expect(await own(["link", "create", "/Holidays", "--expires", "1999-01-01"], { exitCode: 2 })).toEqual(
    refusal("usage"),
  );
  const made = await own(["link", "create", "/Holidays", "--label", "Family", "--expires", "2w", "--password-stdin"], {
    input: "salt water\n",
  });
  expect(made).toMatchObject({ path: "/Holidays", label: "Family", state: "open", password: true, role: "viewer" });
  expect(await own(["link", "create", "/Holidays", "--with-versions"], { exitCode: 1 })).toEqual(
    refusal("not_shareable"),
  );
  const { id, address } = made as { id: string; address: string };
  expect(await own(["link", "show", "Family"])).toMatchObject({ id, address, path: "/Holidays" });

  expect(await visit(["ls", "--link", address], { exitCode: 1 })).toEqual(refusal("link_password_needed"));
  const secrets = `${address}\nsalt water\n`;
  const typed = ["--link", "-", "--password-stdin"];
  expect(await visit(["ls", "-R", ...typed], { input: secrets })).toMatchObject({
    entries: [{ path: "/day" }, { path: "/day/list.txt" }],
  });
  const local = await world.localFolder("got");
  expect(await visit(["get", ...typed, local], { input: secrets })).toMatchObject({ downloaded: 1, folders: 1 });
  expect([...(await readTree(local)).keys()]).toContain("day/list.txt");
  expect(await visit(["save", ...typed, "/"], { exitCode: 4, input: secrets })).toEqual(refusal("not_signed_in"));
  expect(await own(["save", ...typed, "/missing"], { exitCode: 1, input: secrets })).toEqual(refusal("not_found"));
  expect(await own(["save", ...typed, "/day", "/"], { input: secrets })).toMatchObject({
    saved: 1,
    bytes: 6,
    path: "/",
  });
  await alice.laptop.catchUp();
  expect(await alice.laptop.readText("/day/list.txt")).toBe("towels");
  expect(await visit(["put", "-r", ...typed, local, "/"], { exitCode: 1, input: secrets })).toEqual(
    refusal("read_only"),
  );
  expect(await visit(["ls", "--link", address.slice(0, -1)], { exitCode: 2 })).toEqual(refusal("bad_link"));

  expect(await own(["link", "pause", id])).toMatchObject({ state: "paused" });
  expect(await visit(["ls", ...typed], { exitCode: 1, input: secrets })).toEqual(refusal("link_paused"));
  await own(["link", "resume", "Family"]);
  expect(await own(["link", "list", "/Holidays"])).toEqual({ links: [expect.objectContaining({ id, downloads: 2 })] });
  const { entries } = (await own(["link", "log", id])) as { entries: { outcome: string }[] };
  expect(entries.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(["opened", "downloaded", "paused"]));

  expect(await own(["link", "revoke", "Family"])).toEqual({ id, revoked: true });
  expect(await visit(["ls", ...typed], { exitCode: 1, input: secrets })).toEqual(refusal("link_revoked"));
  expect(await own(["link", "list"])).toEqual({ links: [] });
});
