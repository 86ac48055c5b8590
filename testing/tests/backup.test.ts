import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleBytes, World } from "../src/index.ts";

describe("a backup", () => {
  it("made while people work, checked and put in the place of today's data, gives back what it held", async () => {
    await using world = await World.start({ database: "sqlite" });
    const { alice } = await world.people("alice");
    const target = join(await world.localFolder("backups"), "drive");
    const photo = sampleBytes(9_000_000, 1);
    await alice.laptop.write("/photo.jpg", photo);
    await alice.laptop.write("/note.txt", "before");
    const made = await world.runServerCli(["backup", target, "--json"]);
    expect([made.exitCode, made.stderr]).toEqual([0, ""]);
    await alice.laptop.write("/after.txt", "after the backup");
    expect((await world.runServerCli(["backup", "verify", target], { onData: false })).exitCode).toBe(0);

    const again = ["restore", target, "--move-old-data-aside", "--json"];
    const refused = await world.runServerCli(again);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("A server is running")]);
    await world.stopServer();
    const restored = await world.runServerCli(again);
    expect([restored.exitCode, restored.stderr]).toEqual([0, ""]);
    await world.startServer();

    // A device that has seen more is signed out, and then says that the server went back, until its owner goes on from it.
    const { home } = alice.laptop;
    expect((await world.runCli(home, ["ls"])).exitCode).toBe(4);
    const signIn = ["sign-in", "alice", "--server", world.origin, "--password-stdin"];
    const stdin = `${alice.password}\n`;
    expect((await world.runCli(home, signIn, { stdin })).exitCode).toBe(0);
    const listed = await world.runCli(home, ["ls"]);
    expect([listed.exitCode, listed.stderr]).toEqual([3, expect.stringContaining("restored from a backup")]);
    const status = await world.runCli(home, ["status", "--json"]);
    expect([status.exitCode, JSON.parse(status.stdout)]).toMatchObject([3, { driveProblem: { code: "rollback" } }]);
    const rejoin = ["rejoin", "--password-stdin", "--json"];
    expect((await world.runCli(home, rejoin, { stdin })).exitCode).toBe(2);
    const wrong = await world.runCli(home, [...rejoin, "--yes"], { stdin: "not the password\n" });
    expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining("sign_in_failed")]);
    const gone = await world.runCli(home, [...rejoin, "--yes"], { stdin });
    expect([gone.exitCode, gone.stderr]).toEqual([1, ""]);
    const lost = [{ path: "/after.txt", sizeBytes: 16 }];
    expect(JSON.parse(gone.stdout)).toMatchObject({ needed: true, gaveUp: true, lost, restored: [], left: [] });
    expect((await world.runCli(home, ["ls"])).stdout).toBe("note.txt\nphoto.jpg\n");
    const done = await world.runCli(home, [...rejoin, "--yes"], { stdin });
    expect([done.exitCode, JSON.parse(done.stdout)]).toMatchObject([0, { needed: false }]);
    const fresh = await alice.device("tablet");
    expect(await fresh.names("/")).toEqual(["note.txt", "photo.jpg"]);
    expect((await fresh.read("/photo.jpg")).equals(photo)).toBe(true);
    await fresh.write("/after.txt", "stored again");
  }, 120_000);
});
