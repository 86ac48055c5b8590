import { readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CanarySearch, everythingOutside, growSampleTree, readTree, SAMPLE_FILES, World } from "../src/index.ts";

const PASSWORD = "typed into a terminal";

/** What is in the folder and open to other users of the computer. */
async function readableByOthers(folder: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
  const modes = await Promise.all(paths.map(async (path) => ({ path, mode: (await stat(path)).mode })));
  expect(modes.length).toBeGreaterThan(0);
  return modes.filter(({ mode }) => (mode & 0o077) !== 0).map(({ path }) => path);
}

describe("a stranger with a shell", () => {
  it("signs up, stores a tree, and gets it back byte for byte on another computer", async () => {
    await using world = await World.start();
    world.wire.record();
    const here = await world.localFolder("here");
    await growSampleTree(join(here, "everything"));
    const [home, elsewhere, notes] = [
      await world.localFolder("home"),
      await world.localFolder("elsewhere"),
      await world.localFolder("notes"),
    ];
    const invitation = await world.runServerProgram(["invite", "create", "--json"]);
    const { code } = JSON.parse(invitation.stdout) as { code: string };
    const words = join(notes, "words.txt");

    const invite = ["--invite", `${world.origin}/#invite=${code}`];
    const signUp = ["sign-up", "erin", ...invite, "--password-stdin", "--recovery-file", words];
    const made = await world.runCliProgram(home, signUp, { stdin: `${PASSWORD}\n` });
    expect(made).toMatchObject({ exitCode: 0 });
    expect((await readFile(words, "utf8")).trim().split(/\s+/)).toHaveLength(12);
    expect((await stat(words)).mode & 0o777).toBe(0o600);

    expect(await world.runCliProgram(home, ["put", "-r", join(here, "everything"), "/"])).toMatchObject({
      exitCode: 0,
    });
    const signIn = ["sign-in", "erin", "--server", world.origin, "--password-stdin"];
    expect(await world.runCliProgram(elsewhere, signIn, { stdin: `${PASSWORD}\n` })).toMatchObject({ exitCode: 0 });
    const listing = await world.runCliProgram(elsewhere, ["ls", "-R", "--json", "/"]);
    const { entries } = JSON.parse(listing.stdout) as { entries: { type: string }[] };
    expect(entries.filter(({ type }) => type === "file")).toHaveLength(SAMPLE_FILES.length);

    const there = await world.localFolder("there");
    expect(await world.runCliProgram(elsewhere, ["get", "-r", "/everything", there])).toMatchObject({ exitCode: 0 });
    expect(await readTree(there)).toEqual(await readTree(here));
    expect(await world.runCliProgram(elsewhere, ["verify"])).toMatchObject({ exitCode: 0 });

    for (const folder of [home, elsewhere]) expect(await readableByOthers(folder)).toEqual([]);

    const markers = [PASSWORD, (await readFile(words, "utf8")).trim(), "Großmutter", "everything/"];
    expect(new CanarySearch(markers).findAll(await everythingOutside(world))).toEqual([]);
  }, 60_000);
});

describe("the command line", () => {
  it("works with several processes on one home at once", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const folder = await world.localFolder("many");
    const names = ["a.txt", "b.txt", "c.txt"];
    for (const name of names) await writeFile(join(folder, name), `content of ${name}`);
    const { home } = alice.laptop;
    const runs = await Promise.all([
      ...names.map((name) => world.runCliProgram(home, ["put", join(folder, name), "/"])),
      world.runCliProgram(home, ["mkdir", "/folder"]),
      world.runCliProgram(home, ["ls"]),
    ]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(runs.map(() => [0, expect.any(String)]));
    expect(await alice.phone.names("/")).toEqual([...names, "folder"]);
    expect(await alice.phone.readText("/b.txt")).toBe("content of b.txt");
  }, 60_000);

  it("leaves out what is the same already, whatever fraction of a millisecond a file's time has", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const folder = await world.localFolder("times");
    // The system is told times as floating point: these end a few nanoseconds before a full millisecond.
    for (const ms of [1_023_333_333_454, 1_101_111_111_224, -86_400_001]) {
      const path = join(folder, `${ms}.txt`);
      await writeFile(path, "x");
      await utimes(path, new Date(ms), new Date(ms));
    }
    const { home } = alice.laptop;
    const put = ["put", "-r", "--skip-same", "--json", folder, "/"];
    const get = ["get", "-r", "--skip-same", "--json", `/${basename(folder)}`, dirname(folder)];
    expect((await world.runCli(home, put)).exitCode).toBe(0);
    for (const again of [put, get]) {
      const { exitCode, stdout } = await world.runCli(home, again);
      expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({ exitCode: 0, skipped: 3 });
    }
  }, 60_000);

  it("says which address is wrong, to somebody who comes by one that the server was not told about", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const tunnel = createServer((socket) => {
      const through = connect(Number(new URL(world.origin).port), "127.0.0.1");
      for (const end of [socket, through]) end.on("error", () => end.destroy());
      socket.pipe(through).pipe(socket);
    });
    await new Promise<void>((done) => tunnel.listen(0, "127.0.0.1", done));
    const address = `http://127.0.0.1:${(tunnel.address() as AddressInfo).port}`;
    const home = await world.localFolder("elsewhere");
    const signIn = ["sign-in", "alice", "--server", address, "--password-stdin", "--json"];
    const { exitCode, stderr } = await world.runCli(home, signIn, { stdin: `${alice.password}\n` });
    tunnel.close();
    expect({ exitCode, ...(JSON.parse(stderr) as object) }).toMatchObject({
      exitCode: 1,
      error: { code: "unknown_address", message: expect.stringContaining(`--public-url ${address}`) },
    });
  }, 60_000);

  it("says by its exit code what happened", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const [nobody, local] = [await world.localFolder("nobody"), await world.localFolder("local")];
    await alice.laptop.write("/a.txt", "a");
    const { home } = alice.laptop;

    expect((await world.runCliProgram(nobody, ["ls"])).exitCode).toBe(4);
    expect((await world.runCliProgram(home, ["ls", "--no-such-flag"])).exitCode).toBe(2);
    expect((await world.runCli(home, ["stat", "/nothing"])).exitCode).toBe(1);
    const signIn = ["sign-in", "alice", "--server", world.origin, "--password-stdin", "--json"];
    const wrong = await world.runCli(nobody, signIn, { stdin: "wrong password\n" });
    expect(wrong.exitCode).toBe(1);
    expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { code: "sign_in_failed" } });
    expect(wrong.stderr + wrong.stdout).not.toContain("wrong password");
    const partly = await world.runCliProgram(home, ["get", "/a.txt", "/nothing", local]);
    expect(partly.exitCode).toBe(1);
    expect(await readFile(join(local, "a.txt"), "utf8")).toBe("a");
    await world.stopServer();
    expect((await world.runCli(home, ["mkdir", "/new"])).exitCode).toBe(1);
  }, 60_000);
});
