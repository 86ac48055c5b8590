import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { World } from "../../src/index.ts";
import { byPath, fileToSend, sendAll } from "../../src/requests/index.ts";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world[Symbol.asyncDispose]());

describe("an upload request", () => {
  it("takes files of a stranger into an inbox, from which its owner files them, keeping folders and what was there", async () => {
    const { alice } = await world.people("alice");
    const { requests, files } = await alice.laptop.drive;
    await alice.laptop.write("/Wedding/photos/ring.jpg", "Alice's own");
    const request = await requests.create({ title: "Wedding", text: "Your pictures, please", owner: "Alice" });
    expect(request.url).toMatch(new RegExp(`^${world.origin}/r/[\\w-]{22}#[\\w-]{86}$`));
    expect(request).toMatchObject({ status: "open", waiting: 0, usedItems: 0, maxItems: 1000 });

    const stranger = await world.newDevice("stranger");
    const sending = await stranger.excalibur.openRequest(request.url);
    expect(sending.view).toMatchObject({
      title: "Wedding",
      text: "Your pictures, please",
      owner: "Alice",
      isOpen: true,
    });
    const large = new Uint8Array(5_000_000).map((_, at) => at % 251);
    const toSend = [
      fileToSend("photos/ring.jpg", "the ring"),
      fileToSend("film.mp4", large),
      fileToSend("nothing.txt", ""),
    ];
    const said = { sender: "Uncle Bob", note: "From the church" };
    expect(await sendAll(sending, toSend, said)).toEqual({
      ...{ "photos/ring.jpg": "sent", "film.mp4": "sent", "nothing.txt": "sent" },
    });

    const inbox = byPath(await requests.inbox(request.id));
    const { number } = await sending.receipt();
    expect([...inbox.keys()].sort()).toEqual(["film.mp4", "nothing.txt", "photos/ring.jpg"]);
    expect(inbox.get("film.mp4")).toMatchObject({ state: "sealed", sizeBytes: large.length, receipt: number, ...said });
    const ids = [...inbox.values()].map(({ id }) => id);
    expect(await requests.verify(request.id, ids)).toEqual([undefined, undefined, undefined]);
    // Nothing enters a folder by itself.
    expect(await alice.laptop.names("/Wedding")).toEqual(["photos"]);

    const settled = await requests.accept(request.id, { folderId: await files.resolveFolder("/Wedding") });
    expect(settled.map((item) => ("name" in item ? item.name : item.error)).sort()).toEqual([
      ...["film.mp4", "nothing.txt", "ring (2).jpg"],
    ]);
    expect(await alice.laptop.readText("/Wedding/photos/ring.jpg")).toBe("Alice's own");
    expect(await alice.laptop.readText("/Wedding/photos/ring (2).jpg")).toBe("the ring");
    expect((await alice.laptop.read("/Wedding/film.mp4")).equals(large)).toBe(true);
    expect((await alice.laptop.read("/Wedding/nothing.txt")).length).toBe(0);
    expect(await requests.inbox(request.id)).toEqual([]);
    const receipt = await sending.receipt();
    expect(receipt.items.map(({ filed }) => filed)).toEqual([true, true, true]);
  });

  it("is known on the owner's other devices, changed, closed and deleted", async () => {
    const { alice } = await world.people("alice");
    const { requests } = await alice.laptop.drive;
    const { id, url } = await requests.create({ title: "Papers", types: [".PDF"], maxItems: 2, maxFileBytes: 1000 });
    const phone = await alice.phone.account;
    await phone.refresh();
    const { requests: elsewhere } = await phone.drive();
    expect(await elsewhere.get(id)).toMatchObject({ url, title: "Papers", types: ["pdf"] });
    await requests.change(id, { title: "Papers of 2026" });
    const stranger = await world.newDevice("sender-of-papers");
    const sending = await stranger.excalibur.openRequest(url);
    expect(sending.view.title).toBe("Papers of 2026");
    expect(await sendAll(sending, [fileToSend("a.pdf", "a"), fileToSend("b.txt", "b")])).toEqual({
      ...{ "a.pdf": "sent", "b.txt": "not_sendable" },
    });
    expect((await requests.close(id)).status).toBe("closed");
    expect((await sending.refresh()).isOpen).toBe(false);
    await expect(sendAll(sending, [fileToSend("c.pdf", "c")])).resolves.toEqual({ "c.pdf": "request_closed" });
    await elsewhere.delete(id);
    await expect(sending.refresh()).rejects.toMatchObject({ code: "no_request" });
    await expect(requests.inbox(id)).rejects.toMatchObject({ code: "unknown_request" });
  });
});
