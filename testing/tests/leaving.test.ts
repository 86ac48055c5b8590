import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RecoveryFailedError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { KillableServer, type Person, sampleBytes, seededRandom, World } from "../src/index.ts";

const LONG = process.env["EXCALIBUR_LONG"] === "1";
const SEED = Number(process.env["EXCALIBUR_SEED"] ?? 1);

async function namesOf(world: World): Promise<string[]> {
  const { stdout } = await world.runServerCli(["user", "list", "--json"]);
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
}

/** With what this person has: a device that is signed in, and the password. */
async function deleteAccount({ laptop, password }: Person): Promise<void> {
  await (await laptop.account).deleteAccount({ password });
}

describe("somebody who leaves for good", () => {
  it(
    "takes everything along that was theirs, whenever the server dies meanwhile, and nothing of others",
    async () => {
      await using world = await World.start();
      const { alice, bob, carol } = await world.people("alice", "bob", "carol");
      for (const { laptop, name } of [alice, bob, carol]) {
        await laptop.write("/small", name);
        await laptop.write("/large", sampleBytes(2_000_000, 1));
      }
      await using server = await KillableServer.of(world);
      const random = seededRandom(SEED);
      const steps = await server.stepsOf(() => deleteAccount(carol));
      expect(steps.length).toBeGreaterThan(0);
      const step = steps[Math.floor(random() * steps.length)] as (typeof steps)[number];
      const outcome = await server.dyingAt(step, () => deleteAccount(bob));
      if (outcome.status === "rejected") {
        // Either nothing has happened or all that counts; who asks again learns which.
        const again = await bob.newDevice("again");
        const way = { server: world.origin, name: "bob", password: bob.password, deviceName: "again" };
        await again.excalibur.signIn({ ...way, client: "cli" }).then(
          (account) => account.deleteAccount({ password: bob.password }),
          (error: { code: string }) => expect(error.code).toBe("sign_in_failed"),
        );
      }
      expect(await world.runServerCli(["storage", "gc"])).toMatchObject({ exitCode: 0 });
      const left = await namesOf(world);
      expect(left).toContain("alice");
      expect(left.filter((name) => name === "bob" || name === "carol")).toEqual([]);
      for (const { name, recoveryWords } of [bob, carol]) {
        const way = { server: world.origin, name, words: recoveryWords, newPassword: "a fresh and better one" };
        const device = await world.newDevice(name);
        await expect(device.excalibur.recover({ ...way, deviceName: "x", client: "cli" })).rejects.toThrow(
          RecoveryFailedError,
        );
      }
      await expect(carol.laptop.excalibur.open()).rejects.toMatchObject({ code: "not_signed_in" });
      expect(await alice.phone.readText("/small")).toBe("alice");
    },
    LONG ? 600_000 : 120_000,
  );
});

describe("the command line", () => {
  it("makes new words, keeps them in a file, and deletes the account when it is meant", async () => {
    await using world = await World.start();
    const { dave } = await world.people("dave");
    const { home } = dave.laptop;
    const stdin = `${dave.password}\n`;
    const file = join(await world.localFolder("notes"), "new words.txt");
    const words = ["account", "words", "--password-stdin"];
    expect(await world.runCli(home, words, { stdin })).toMatchObject({ exitCode: 2 });
    const wrong = await world.runCli(home, [...words, "--recovery-file", `${file}.not`], { stdin: "wrong\n" });
    expect(wrong).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("password is wrong") });
    await expect(readFile(`${file}.not`)).rejects.toMatchObject({ code: "ENOENT" });
    const made = await world.runCli(home, [...words, "--recovery-file", file, "--json"], { stdin });
    expect(JSON.parse(made.stdout)).toEqual({ changed: true, recoveryFile: file });

    const typed = (await readFile(file, "utf8")).trim();
    expect(typed.split(" ")).toHaveLength(12);
    const oldWords = join(await world.localFolder("notes"), "old.txt");
    await writeFile(oldWords, dave.recoveryWords);
    const elsewhere = await world.localFolder("elsewhere");
    const recover = ["recover", "dave", "--server", world.origin, "--password-stdin", "--words-file"];
    const refused = await world.runCli(elsewhere, [...recover, oldWords], { stdin: "a fresh and better one\n" });
    expect(refused.exitCode).toBe(1);
    const recovered = await world.runCli(elsewhere, [...recover, file], { stdin: "a fresh and better one\n" });
    expect(recovered.exitCode).toBe(0);

    const remove = ["account", "delete", "--password-stdin"];
    const late = { stdin: "a fresh and better one\n" };
    expect(await world.runCli(elsewhere, remove, late)).toMatchObject({ exitCode: 2 });
    expect(await world.runCli(elsewhere, [...remove, "--yes"], { stdin })).toMatchObject({ exitCode: 1 });
    const gone = await world.runCli(elsewhere, [...remove, "--yes", "--json"], late);
    expect(JSON.parse(gone.stdout)).toMatchObject({ deleted: true, name: "dave" });
    expect(await world.runCli(elsewhere, ["whoami"])).toMatchObject({ exitCode: 4 });
  }, 120_000);
});
