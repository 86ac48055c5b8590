import { NetworkError } from "@excalibur/sdk";
import { expect, it } from "vitest";
import { type Device, decodeJson, World } from "../../src/index.ts";
import { accept, refusedAs, share, unshare } from "./acts.ts";

const asked = (body: Uint8Array) => decodeJson<{ hashes: string[] }>(body).hashes.length;

async function reencryption(device: Device, path: string) {
  const [{ sharing }, item] = [await device.drive, await device.find(path)];
  return {
    outdated: () => sharing.outdated(item),
    run: (options: Parameters<typeof sharing.reencrypt>[1] = {}) => sharing.reencrypt(item, options),
  };
}

it("everything with a key of somebody who was removed is sealed anew, with what is in it, and told how far it is", async () => {
  await using world = await World.start();
  const { alice, bob, carol } = await world.people("alice", "bob", "carol");
  await alice.laptop.write("/Team/one.txt", "1");
  await alice.laptop.write("/Team/deep/er/two.txt", "2");
  await share(alice.laptop, "/Team", bob);
  await share(alice.laptop, "/Team", carol, "viewer");
  await accept(bob.laptop);
  await accept(carol.laptop, { name: "Team" });
  const team = await reencryption(alice.laptop, "/Team");
  expect(await team.outdated()).toEqual({ pages: 0, total: 4, unreadable: 0 });
  expect(await team.run()).toEqual({ pages: 0, unreadable: 0 });

  await unshare(alice.laptop, "/Team", bob);
  await alice.laptop.write("/Team/deep/three.txt", "3");
  // The root, the trash, and the deepest; the one in between was written since.
  expect(await team.outdated()).toEqual({ pages: 3, total: 4, unreadable: 0 });
  const told: string[] = [];
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) =>
    told.push(`${done}/${total}`);
  expect(await team.run({ onProgress })).toEqual({ pages: 3, unreadable: 0 });
  expect(told).toEqual(["0/3", "3/3"]);
  expect(await team.outdated()).toEqual({ pages: 0, total: 4, unreadable: 0 });

  // Those who stay see what they saw, on devices that know the folder and on those that do not; a viewer reseals nothing.
  await carol.laptop.catchUp();
  const tablet = await alice.device("tablet");
  for (const device of [alice.laptop, carol.laptop, tablet]) {
    expect(await device.names("/Team")).toEqual(["deep", "one.txt"]);
    expect(await device.readText("/Team/deep/er/two.txt")).toBe("2");
    expect(await device.readText("/Team/deep/three.txt")).toBe("3");
  }
  await share(alice.laptop, "/Team", bob, "viewer");
  await unshare(alice.laptop, "/Team", bob);
  await carol.laptop.catchUp();
  await expect((await reencryption(carol.laptop, "/Team")).run()).rejects.toEqual(refusedAs("read_only"));
  // What the server does not give is left, and told.
  const phone = await reencryption(alice.phone, "/Team");
  alice.phone.network.alter("fetchPages", (_body, { body }) => new Uint8Array(4 * asked(body)));
  const { unreadable } = await phone.outdated();
  expect(unreadable).toBeGreaterThan(0);
  expect((await phone.run()).unreadable).toBe(unreadable);
  alice.phone.network.behave();
  expect(await phone.run()).toEqual({ pages: unreadable, unreadable: 0 });
});

it("goes on where it was broken off, beside others who write, and over another removal", async () => {
  await using world = await World.start();
  const { alice, bob, carol } = await world.people("alice", "bob", "carol");
  const folders = Array.from({ length: 110 }, (_, n) => ["Team", `folder ${String(n).padStart(3, "0")}`]);
  const { files } = await alice.laptop.drive;
  await files.makeTree(files.rootId, folders);
  await share(alice.laptop, "/Team", bob);
  await share(alice.laptop, "/Team", carol, "editor");
  await accept(carol.laptop);
  await unshare(alice.laptop, "/Team", bob);
  const team = await reencryption(alice.laptop, "/Team");
  expect(await team.outdated()).toEqual({ pages: 112, total: 112, unreadable: 0 });

  const stopping = new AbortController();
  await expect(
    team.run({ signal: stopping.signal, onProgress: ({ done }) => done > 0 && stopping.abort() }),
  ).rejects.toMatchObject({ name: "AbortError" });
  expect(await team.outdated()).toMatchObject({ pages: 12 });
  alice.laptop.network.interfere("postCommit", () => Promise.reject(new NetworkError("Gone.", { temporary: false })));
  await expect(team.run()).rejects.toEqual(refusedAs("network"));
  alice.laptop.network.behave();
  expect(await team.outdated()).toMatchObject({ pages: 12 });

  // Somebody writes, and somebody is taken off, while it runs.
  await carol.laptop.names("/Team");
  let times = 0;
  alice.laptop.network.interfere("putPages", async (_exchange, ask) => {
    times += 1;
    if (times === 1) await carol.laptop.write("/Team/folder 001/hers.txt", "hers");
    return await ask();
  });
  const removals: Promise<void>[] = [];
  await team.run({
    onProgress: ({ done }) => {
      if (done > 0 && removals.length === 0) removals.push(unshare(alice.phone, "/Team", carol));
    },
  });
  await Promise.all(removals);
  await team.run();
  expect(await team.outdated()).toEqual({ pages: 0, total: 112, unreadable: 0 });
  expect(await alice.laptop.readText("/Team/folder 001/hers.txt")).toBe("hers");
  expect(await alice.laptop.names("/Team")).toEqual(folders.map(([, name]) => name));
});
