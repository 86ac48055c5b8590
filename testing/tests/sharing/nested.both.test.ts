import { toBase64Url } from "@excalibur/core/bytes";
import { NetworkError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { amount, count, LONGEST_MS, spread } from "../../../scripts/test/long-mode.ts";
import { type Device, type Person, sampleBytes, World } from "../../src/index.ts";
import { accept, refusedAs, share, stop, unshare } from "./acts.ts";

/** Requests at which a change is broken off, for good. */
const BROKEN_OFF_AT = amount({ everyday: 2, long: 40 });

async function invitations(device: Device): Promise<(string | undefined)[]> {
  const { sharing } = await device.drive;
  return (await sharing.invitations()).map(({ label, place }) => place ?? label);
}

/** Who is in a shared folder, as `name role answer`. */
async function members(device: Device, path: string): Promise<string[]> {
  const { sharing } = await device.drive;
  const listed = await sharing.members(await device.find(path));
  return listed.map(({ name, role, answer }) => `${name} ${role} ${answer}`).sort();
}

async function keptOut(device: Device, path: string) {
  const { sharing } = await device.drive;
  return await sharing.keptOut(await device.find(path));
}

/** What a shared folder holds, for all of them, each on the newest that there is. */
async function expectAll(devices: readonly Device[], path: string, text: string): Promise<void> {
  for (const device of devices) {
    await device.catchUp();
    await (await device.account).refresh();
    expect(await device.readText(path)).toBe(text);
  }
}

const usedBytes = async ({ laptop }: Person) => (await (await laptop.account).status()).remote?.usedBytes ?? 0;

describe("a folder shared inside a shared one", () => {
  it("by its owner: all who are around it stay in it without being asked, and the new one sees it alone", async () => {
    await using world = await World.start();
    const { alice, bob, carol, dave } = await world.people("alice", "bob", "carol", "dave");
    await alice.laptop.write("/Team/notes.txt", "n");
    await alice.laptop.write("/Team/Plans/deep/plan.txt", "p");
    await share(alice.laptop, "/Team", bob, "manager");
    await share(alice.laptop, "/Team", carol, "viewer");
    for (const { laptop } of [bob, carol]) await accept(laptop);
    expect(await bob.laptop.names("/Team/Plans")).toEqual(["deep"]);

    expect(await share(alice.laptop, "/Team/Plans", dave)).toMatchObject({
      ...{ isNew: true, inside: { changed: [], unchanged: [] } },
    });
    await expectAll([bob.laptop, carol.laptop, bob.phone], "/Team/Plans/deep/plan.txt", "p");
    expect([await invitations(bob.laptop), await invitations(carol.laptop)]).toEqual([[], []]);
    await accept(dave.laptop);
    expect(await dave.laptop.names("/")).toEqual(["Plans"]);
    await dave.laptop.write("/Plans/deep/plan.txt", "by dave", { onConflict: "replace" });
    await expectAll([alice.laptop, bob.laptop, carol.laptop], "/Team/Plans/deep/plan.txt", "by dave");
    await bob.laptop.write("/Team/Plans/from bob.txt", "b");
    await expectAll([alice.laptop], "/Team/Plans/from bob.txt", "b");
    await expect(carol.laptop.write("/Team/Plans/from carol.txt", "c")).rejects.toEqual(refusedAs("read_only"));
    expect(await members(alice.laptop, "/Team/Plans")).toEqual([
      ...["alice owner accepted", "bob manager around", "carol viewer around", "dave editor accepted"],
    ]);
    const { sharing } = await alice.laptop.drive;
    expect((await sharing.folders()).map(({ item, view }) => [item.name, view?.role])).toEqual([
      ...[
        ["Team", "owner"],
        ["Plans", "owner"],
      ],
    ]);
    await unshare(alice.laptop, "/Team/Plans", dave);
    // Who leaves it leaves the entry to the others.
    await (await bob.laptop.drive).sharing.leave(await bob.laptop.find("/Team/Plans"));
    await expectAll([carol.laptop], "/Team/Plans/deep/plan.txt", "by dave");
    await bob.laptop.catchUp();
    await expect(bob.laptop.names("/Team/Plans")).rejects.toEqual(refusedAs("volume_missing"));
    await stop(alice.laptop, "/Team/Plans");
    await expectAll([bob.laptop, carol.laptop], "/Team/Plans/deep/plan.txt", "by dave");
  });

  it("by a manager: it is theirs and counts for them, and the others accept it where it is", async () => {
    await using world = await World.start();
    const { alice, bob, carol, dave } = await world.people("alice", "bob", "carol", "dave");
    await alice.laptop.write("/Team/Plans/plan.bin", sampleBytes(300_000, 3));
    await alice.laptop.write("/Team/Plans/plan.txt", "p");
    for (const [person, role] of [
      [bob, "manager"],
      [carol, "editor"],
    ] as const) {
      await share(alice.laptop, "/Team", person, role);
      await accept(person.laptop);
    }
    await expect(share(carol.laptop, "/Team/Plans", dave)).rejects.toEqual(refusedAs("role"));
    await expect(share(bob.laptop, "/Team/Plans", alice, "editor")).rejects.toEqual(refusedAs("not_shareable"));
    const [alices, bobs] = [await usedBytes(alice), await usedBytes(bob)];
    await share(bob.laptop, "/Team/Plans", dave, "viewer");
    expect([(await usedBytes(alice)) < alices - 300_000, (await usedBytes(bob)) > bobs + 300_000]).toEqual([
      true,
      true,
    ]);
    await accept(dave.laptop);
    expect(await dave.laptop.readText("/Plans/plan.txt")).toBe("p");

    // A mount grants nothing: the others are asked, and it opens where it stands.
    await alice.laptop.catchUp();
    expect(await alice.laptop.names("/Team")).toEqual(["Plans"]);
    await expect(alice.laptop.names("/Team/Plans")).rejects.toEqual(refusedAs("mount_not_accepted"));
    for (const { laptop } of [alice, carol]) {
      expect(await invitations(laptop)).toEqual(["/Team/Plans"]);
      expect(await accept(laptop)).toMatchObject({ owner: { name: "bob" } });
      expect(await laptop.names("/")).toEqual(["Team"]);
    }
    await expectAll([alice.laptop, alice.phone, carol.laptop], "/Team/Plans/plan.txt", "p");
    expect(await members(bob.laptop, "/Team/Plans")).toEqual([
      ...["alice manager accepted", "bob owner accepted", "carol editor accepted", "dave viewer accepted"],
    ]);
    // Whose folder it is inside of cannot be put out of it.
    await expect(unshare(bob.laptop, "/Team/Plans", alice)).rejects.toEqual(refusedAs("not_shareable"));
    await expect(share(bob.laptop, "/Team/Plans", alice, "viewer")).rejects.toEqual(refusedAs("not_shareable"));

    // Back into what is around it, and back to whom it counts for.
    await stop(bob.laptop, "/Team/Plans");
    await expectAll([alice.laptop, carol.laptop, bob.phone], "/Team/Plans/plan.txt", "p");
    expect([await usedBytes(alice), await usedBytes(bob)]).toEqual([alices, bobs]);
    await dave.laptop.catchUp();
    await expect(dave.laptop.names("/Plans")).rejects.toEqual(refusedAs("volume_missing"));
  });

  it("two managers who share it at once make one of it, and nobody who comes meanwhile is left out", async () => {
    await using world = await World.start();
    const { alice, bob, carol, dave } = await world.people("alice", "bob", "carol", "dave");
    await alice.laptop.write("/Team/Plans/plan.txt", "p");
    await share(alice.laptop, "/Team", bob, "manager");
    await accept(bob.laptop);
    await bob.laptop.names("/Team/Plans");
    let times = 0;
    alice.laptop.network.interfere("createVolume", async (_exchange, ask) => {
      times += 1;
      if (times === 1) await share(bob.laptop, "/Team", carol, "viewer");
      return await ask();
    });
    await share(alice.laptop, "/Team/Plans", dave);
    expect(times).toBe(2);
    await accept(carol.laptop);
    await expectAll([carol.laptop], "/Team/Plans/plan.txt", "p");

    // The other way round: what is shared inside while somebody is let in around it.
    await alice.laptop.write("/Team/Late/late.txt", "l");
    await alice.phone.names("/Team/Late");
    const { volumes } = await alice.laptop.drive;
    const team = (await volumes.place((await alice.laptop.find("/Team")).childId)).volume;
    let isShared = false;
    alice.laptop.network.interfere("postCommit", async ({ path }, ask) => {
      if (!isShared && path.includes(toBase64Url(team.volumeId))) {
        isShared = true;
        await share(alice.phone, "/Team/Late", bob, "manager");
      }
      return await ask();
    });
    expect((await share(alice.laptop, "/Team", dave, "viewer")).inside.changed).toContain("Late");
    alice.laptop.network.behave();

    await alice.laptop.write("/Team/Other/other.txt", "o");
    await bob.laptop.catchUp();
    const both = await Promise.allSettled([
      share(alice.laptop, "/Team/Other", dave),
      share(bob.laptop, "/Team/Other", dave),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await alice.laptop.catchUp();
    expect(await alice.laptop.names("/Team")).toEqual(["Late", "Other", "Plans"]);
  });
});

describe("a shared folder around shared ones", () => {
  it("lets the new one in, deepest first; what is not the actor's to decide stays as it is, by name", async () => {
    await using world = await World.start();
    const { alice, bob, carol, dave } = await world.people("alice", "bob", "carol", "dave");
    await alice.laptop.write("/Work/top.txt", "t");
    await alice.laptop.write("/Work/Plans/plan.txt", "p");
    await alice.laptop.write("/Work/Plans/Secret/s.txt", "s");
    await share(alice.laptop, "/Work/Plans", bob);
    await accept(bob.laptop);
    await share(alice.laptop, "/Work/Plans/Secret", bob, "manager");
    // What is shared with her stands among it, too.
    await carol.laptop.write("/Carols/c.txt", "c");
    await share(carol.laptop, "/Carols", alice);
    await accept(alice.laptop);
    await alice.laptop.move("/Carols", { folder: "/Work" });

    expect((await share(alice.laptop, "/Work", dave)).inside).toEqual({
      changed: ["Plans", "Plans/Secret"],
      unchanged: [{ name: "Carols", reason: "role" }],
    });
    expect(await keptOut(alice.laptop, "/Work")).toEqual([{ name: "Carols", people: ["dave"] }]);
    expect(await alice.laptop.names("/Work")).toEqual(["Carols", "Plans", "top.txt"]);
    await expectAll([alice.laptop, alice.phone], "/Work/Plans/Secret/s.txt", "s");
    await expectAll([alice.laptop], "/Work/Carols/c.txt", "c");
    await expectAll([bob.laptop], "/Plans/plan.txt", "p");
    await accept(dave.laptop);
    await expectAll([dave.laptop, dave.phone], "/Work/Plans/Secret/s.txt", "s");
    expect(await dave.laptop.names("/Work")).toEqual(["Carols", "Plans", "top.txt"]);
    await expect(dave.laptop.names("/Work/Carols")).rejects.toEqual(refusedAs("volume_missing"));
    // Who does not get in there knows of nobody else.
    expect(await keptOut(dave.laptop, "/Work")).toEqual([{ name: "Carols", people: ["dave"] }]);

    // A role follows where it was the same, and somebody who goes is gone everywhere.
    expect((await share(alice.laptop, "/Work", dave, "viewer")).inside.changed).toEqual(["Plans", "Plans/Secret"]);
    await dave.laptop.catchUp();
    await expect(dave.laptop.write("/Work/Plans/x.txt", "x")).rejects.toEqual(refusedAs("read_only"));
    await share(alice.laptop, "/Work/Plans/Secret", dave, "editor");
    expect((await share(alice.laptop, "/Work", dave, "manager")).inside.changed).toEqual(["Plans"]);
    const { sharing } = await alice.laptop.drive;
    const preview = await sharing.inside(await alice.laptop.find("/Work"), ["dave"]);
    expect(preview).toEqual({ changed: ["Plans", "Plans/Secret"], unchanged: [] });
    const generation = async () =>
      (await (await alice.laptop.drive).volumes.place((await alice.laptop.find("/Work/Plans/Secret")).childId)).volume
        .generation;
    const before = await generation();
    await unshare(alice.laptop, "/Work", dave);
    expect(await generation()).toBe(before + 1);
    await dave.laptop.catchUp();
    await expect(dave.laptop.names("/Work")).rejects.toEqual(refusedAs("volume_missing"));
    expect(await members(alice.laptop, "/Work/Plans")).toEqual(["alice owner accepted", "bob editor accepted"]);

    // The end of the outer one leaves the inner ones shared with those who were in them alone.
    await share(alice.laptop, "/Work", dave);
    await stop(alice.laptop, "/Work");
    await expectAll([alice.laptop, alice.phone], "/Work/Plans/Secret/s.txt", "s");
    expect(await members(alice.laptop, "/Work/Plans")).toEqual(["alice owner accepted", "bob editor accepted"]);
    await expectAll([bob.laptop], "/Plans/plan.txt", "p");
    expect(await invitations(dave.laptop)).toEqual([]);
  });
});

describe("a change around shared folders that is broken off", () => {
  it(
    "at any request is gone on with by doing it again, on any device",
    async ({ task }) => {
      await using world = await World.start();
      const { alice, bob, carol } = await world.people("alice", "bob", "carol");
      const { laptop, phone } = alice;
      await laptop.write("/Work/Plans/Secret/s.txt", "s");
      await share(laptop, "/Work", carol, "viewer");
      await share(laptop, "/Work/Plans", carol);
      await share(laptop, "/Work/Plans/Secret", carol);
      const inside = ["/Work", "/Work/Plans", "/Work/Plans/Secret"];
      const whereIsBob = async (device: Device): Promise<string[]> => {
        await device.catchUp();
        const listed = await Promise.all(inside.map(async (path) => [path, await members(device, path)] as const));
        return listed.filter(([, people]) => people.some((each) => each.startsWith("bob "))).map(([path]) => path);
      };
      const letIn = async (device: Device) => await share(device, "/Work", bob, "viewer");
      const takeOff = async (device: Device) => await unshare(device, "/Work", bob);

      /** Does it while the network dies at a request: before it arrives, or before its answer does. */
      const dieAt = async (act: (device: Device) => Promise<unknown>, at: number, isAnswerLost: boolean) => {
        let asked = 0;
        laptop.network.interfere("*", async (_exchange, ask) => {
          asked += 1;
          if (asked === at && isAnswerLost) await ask();
          if (asked >= at) throw new NetworkError("The program was killed.", { temporary: false });
          return await ask();
        });
        const [done] = await Promise.allSettled([act(laptop)]);
        laptop.network.behave();
        return { asked, isDone: done.status === "fulfilled" };
      };
      const requests = (await dieAt(letIn, Number.POSITIVE_INFINITY, false)).asked;
      await takeOff(laptop);
      const moments = Array.from({ length: requests * 2 }, (_, n) => [1 + (n >> 1), n % 2 === 1] as const);
      for (const [at, isAnswerLost] of spread(moments, BROKEN_OFF_AT)) {
        for (const [act, wanted] of [
          [letIn, inside],
          [takeOff, []],
        ] as const) {
          const { isDone } = await dieAt(act, at, isAnswerLost);
          // Never around it before inside, and never gone around it before inside.
          const half = await whereIsBob(phone);
          const left = act === letIn ? inside.slice(inside.length - half.length) : inside.slice(0, half.length);
          expect([at, half]).toEqual([at, left]);
          if (half.length !== wanted.length || !isDone) await act(phone).catch(isGoneAlready);
          expect([at, isAnswerLost, await whereIsBob(phone)]).toEqual([at, isAnswerLost, [...wanted]]);
          await laptop.catchUp();
        }
      }
      count(task, { "changes around shared folders broken off": BROKEN_OFF_AT * 2 });
    },
    LONGEST_MS,
  );
});

/** The answer of the last step was lost, and it had taken effect. */
function isGoneAlready(error: unknown): void {
  expect(error).toEqual(refusedAs("not_shared"));
}
