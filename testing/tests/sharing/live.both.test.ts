import { toBase64Url } from "@excalibur/core/bytes";
import type { SharedRole } from "@excalibur/sdk";
import { expect, it } from "vitest";
import { type Device, type Person, World } from "../../src/index.ts";

/** Follows what the server announces, as a program does that stays open; `until` waits for something to be so, by events alone. */
async function follow(device: Device) {
  const account = await device.account;
  let wake: () => void = () => undefined;
  const problems: unknown[] = [];
  const ready = Promise.withResolvers<void>();
  const events: string[] = [];
  const onProblem = (error: unknown) => {
    problems.push(error);
    wake();
  };
  const end = await account.follow({ onProblem });
  const endEvents = account.events.subscribe((event) => {
    events.push(event.type);
    if (event.type === "resync") ready.resolve();
    wake();
  });
  const { volumes } = await account.drive();
  await ready.promise;
  return {
    ...{ problems, events },
    until: async (isSo: () => boolean | Promise<boolean>) => {
      for (;;) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const ends = volumes.opened.map((volume) => volume.onAdvance(() => wake()));
        const done = await isSo();
        if (!done) await woken;
        for (const endOne of ends) endOne();
        if (done) return;
      }
    },
    end: () => {
      end();
      endEvents();
    },
  };
}

async function share(device: Device, path: string, person: Person, role: SharedRole): Promise<void> {
  const { sharing } = await device.drive;
  await sharing.share(await device.find(path), { person: person.name, role });
}

it("members hear of each other's changes, of invitations and of their end, as they happen", async () => {
  await using world = await World.start();
  const { alice, bob, carol } = await world.people("alice", "bob", "carol");
  await alice.laptop.write("/Team/one.txt", "1");
  const bobHears = await follow(bob.laptop);
  await share(alice.laptop, "/Team", bob, "editor");
  await bobHears.until(() => bobHears.events.includes("members"));
  const { sharing } = await bob.laptop.drive;
  const [invitation] = await sharing.invitations();
  const aliceHears = await follow(alice.laptop);
  const carolHears = await follow(carol.laptop);
  await sharing.accept(invitation!.volumeId);
  await aliceHears.until(() => aliceHears.events.includes("members"));

  await bob.laptop.names("/Team");
  await bob.laptop.write("/Team/two.txt", "2");
  await aliceHears.until(async () => (await alice.laptop.names("/Team")).includes("two.txt"));
  await alice.laptop.write("/Team/three.txt", "3");
  await bobHears.until(async () => (await bob.laptop.names("/Team")).includes("three.txt"));

  const { volumes } = await bob.laptop.drive;
  const isOpen = () => volumes.opened.some((each) => toBase64Url(each.volumeId) === toBase64Url(invitation!.volumeId));
  expect(isOpen()).toBe(true);
  await (await alice.laptop.drive).sharing.remove(await alice.laptop.find("/Team"), ["bob"]);
  // The announcement alone takes it away from a program that is open.
  await bobHears.until(() => bobHears.problems.length > 0 && !isOpen());
  expect(bobHears.problems).toEqual([expect.objectContaining({ code: "volume_missing" })]);
  expect(carolHears.events.filter((type) => type === "commit" || type === "members")).toEqual([]);
  for (const each of [bobHears, aliceHears, carolHears]) each.end();
});
