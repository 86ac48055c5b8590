import { randomBytes } from "node:crypto";
import { Entrance } from "@excalibur/sdk/account";
import { describe, expect, it } from "vitest";
import { bytesSource, CanarySearch, everythingOn, everythingOutside, type Person, World } from "../src/index.ts";

const NAME = "Kanarienvogel-im-Namen";
const SCRIPT = "金絲雀在檔案名稱裡";
const CONTENT = "canary inside of contents 5d0e";
const TYPE = "application/x-canary-media-type";
const NOTE = "Notiz über Kanarienvögel, nur für mich";
const DEVICE = "canary on the device";
const MARKERS = [NAME, SCRIPT, CONTENT, TYPE, NOTE];

/** Everything people do, with a canary wherever something of theirs stands. */
async function live(alice: Person): Promise<void> {
  const { laptop, phone } = alice;
  const text = `${CONTENT}\n`.repeat(40);
  await laptop.write(`/${NAME}/${SCRIPT}.txt`, text);
  await laptop.write(`/${NAME}/${NOTE}.md`, NOTE);
  await laptop.write(`/${NAME}/typed`, { ...bytesSource("typed", Buffer.from(text)), mediaType: TYPE });
  await laptop.write(`/${NAME}/large ${SCRIPT}.bin`, Buffer.alloc(1_500_000, text));
  await laptop.write(`/${NAME}/${SCRIPT}.txt`, `${text}again`, { onConflict: "replace" });
  await laptop.makeFolder(`/${SCRIPT}/${NAME}/${NOTE}`);
  await laptop.move(`/${NAME}/typed`, { folder: `/${SCRIPT}`, name: NOTE });
  await laptop.trash(`/${NAME}/${NOTE}.md`);
  expect(await phone.readText(`/${NAME}/${SCRIPT}.txt`)).toBe(`${text}again`);

  const stopped = new AbortController();
  const source = { ...bytesSource("unfinished", Buffer.alloc(9_000_000, text)), mediaType: TYPE };
  const cutShort = {
    ...source,
    read: async (offset: number, into: Uint8Array) => {
      if (offset > 5_000_000) stopped.abort(new Error("enough"));
      return source.read(offset, into);
    },
  };
  const unfinished = laptop.write(`/${NAME}/${NOTE} unfinished`, cutShort, { signal: stopped.signal });
  await expect(unfinished).rejects.toThrow("enough");

  const tablet = await alice.device(DEVICE);
  await (await tablet.account).signOut();
}

describe("what a server, its disk, its database, its log and the network can read", () => {
  it("D14 is nothing of what people store", async () => {
    await using world = await World.start();
    world.wire.record();
    const { alice } = await world.people("alice");
    await live(alice);

    const places = await everythingOutside(world);
    expect(new CanarySearch(MARKERS).findAll(places)).toEqual([]);

    // The search sees what is there: names of devices are shown in the list of sessions, so the server knows them.
    const seen = new CanarySearch([DEVICE]).findAll(places).map(({ where }) => where);
    expect(seen).toContainEqual(expect.stringContaining("column sessions.device_name"));
    expect(seen).toContainEqual(expect.stringContaining("of the wire"));
    expect(new CanarySearch(["sign-in/finish"]).findAll(places)).not.toEqual([]);
  });

  it("B14 is nothing of what people keep secret", async () => {
    await using world = await World.start();
    world.wire.record();
    const { alice } = await world.people("alice");
    await live(alice);
    const session = await new Entrance(alice.laptop.ports).open();
    const { signatureSeed, sealingSeed, volumeKeys } = await session.member();
    const deviceSecret = await alice.laptop.ports.secrets.load();
    const { entry } = await alice.laptop.find(`/${NAME}/${SCRIPT}.txt`);
    const secrets = {
      "the password": alice.password,
      "the recovery words": alice.recoveryWords,
      "some of the recovery words": alice.recoveryWords.split(" ").slice(4, 7).join(" "),
      "the account key": session.parts.account.key,
      "the identity's signature key": signatureSeed,
      "the identity's sealing key": sealingSeed,
      "the volume key": volumeKeys(session.homeVolumeId).get(0)!,
      "the device secret": deviceSecret!,
      "a file key": entry.file!.fileKey,
    };

    const search = new CanarySearch(Object.entries(secrets).map(([name, value]) => ({ name, value })));
    expect(search.findAll(await everythingOutside(world))).toEqual([]);
    expect(
      search.findAll([{ where: "the laptop's log", bytes: Buffer.from(alice.laptop.ports.logger.lines.join()) }]),
    ).toEqual([]);

    const planted = Buffer.concat([randomBytes(77), Buffer.from(secrets["the account key"])]);
    expect(search.findAll([{ where: "planted", bytes: planted }])).toHaveLength(1);
  });

  it("F7 is nothing more on a device that was stolen while it was locked", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await live(alice);
    await (await alice.laptop.account).lock();
    expect(new CanarySearch(MARKERS).findAll(await everythingOn(alice.laptop.home))).toEqual([]);
  });

  it("would be found if it were there", async () => {
    await using world = await World.start();
    world.wire.record();
    const { alice } = await world.people("alice");
    const search = new CanarySearch([NOTE]);
    world.server.context.log.info({ planted: NOTE });
    await fetch(`${world.origin}/api/well-known/version?planted=${encodeURIComponent(NOTE)}`);
    await alice.device(Buffer.from(NOTE).toString("base64url").slice(0, 60));

    const seen = search.findAll(await everythingOutside(world)).map(({ where }) => where);
    expect(seen).toContain("the server's log");
    expect(seen).toContainEqual(expect.stringContaining("of the wire"));
    expect(seen).toContainEqual(expect.stringContaining("column sessions.device_name"));
  });
});
