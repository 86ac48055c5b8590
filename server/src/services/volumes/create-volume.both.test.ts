import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { COMMIT_KINDS } from "@excalibur/core/volume/record";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../../testing/index.ts";
import { insertPerson, newPerson } from "../../testing/people.ts";
import { VolumeWriter } from "../../testing/volume-writer.ts";
import { createVolume, type VolumeCreation, verifyNewVolume } from "./create-volume.ts";

const nowMs = 1_800_000_000_000;
const alice = await newPerson("alice");
const mallory = await newPerson("mallory");

function creation(writer: VolumeWriter, change: Partial<VolumeCreation> = {}): VolumeCreation {
  const { userId, identity } = writer.owner;
  return { newVolume: writer.newVolume(), ownerUserId: userId, identity, nowMs, ...change };
}

function refusal(reason?: string) {
  return expect.objectContaining({
    code: "record_invalid",
    ...(reason === undefined ? {} : { members: expect.objectContaining({ reason }) }),
  });
}

describe("createVolume", () => {
  it("stores head, manifest, member, envelope, commit and pages", async () => {
    await using test = await testDatabase();
    const { database } = test;
    await insertPerson(database, alice);
    const writer = new VolumeWriter(alice, nowMs);
    await database.write((tx) => createVolume(tx, creation(writer)));

    const volume = await database.read.selectFrom("volumes").selectAll().executeTakeFirstOrThrow();
    expect(volume.head_hash).toEqual(writer.head.hash);
    expect(volume.state_root).toEqual(writer.head.stateRoot);
    expect(volume.head_sequence).toBe(0);
    const members = await database.read.selectFrom("members").selectAll().execute();
    expect(members.map(({ subject_id, role }) => [toBase64Url(subject_id), role])).toEqual([
      [toBase64Url(alice.userId), 4],
    ]);
    const pages = await database.read.selectFrom("pages").selectAll().execute();
    expect(pages.map((page) => toBase64Url(page.record)).sort()).toEqual([...writer.newVolume().pages].sort());
    expect(await database.read.selectFrom("envelopes").selectAll().execute()).toHaveLength(1);
    expect(await database.read.selectFrom("commits").selectAll().execute()).toHaveLength(1);
  });

  it("stores nothing when the volume exists", async () => {
    await using test = await testDatabase();
    await insertPerson(test.database, alice);
    const writer = new VolumeWriter(alice, nowMs);
    await test.database.write((tx) => createVolume(tx, creation(writer)));
    await expect(test.database.write((tx) => createVolume(tx, creation(writer)))).rejects.toEqual(
      refusal("volume_exists"),
    );
  });
});

describe("verifyNewVolume refuses", () => {
  const writer = new VolumeWriter(alice, nowMs);

  it("a volume of somebody else", () => {
    expect(() => verifyNewVolume(creation(writer, { ownerUserId: mallory.userId }))).toThrow(refusal("owner"));
    expect(() => verifyNewVolume(creation(writer, { identity: mallory.identity }))).toThrow(refusal("owner"));
  });

  it("another volume id than the manifest's", () => {
    const newVolume = { ...writer.newVolume(), volumeId: new VolumeWriter(alice).id };
    expect(() => verifyNewVolume(creation(writer, { newVolume }))).toThrow(refusal("volume"));
  });

  it("a commit of another volume", () => {
    const newVolume = { ...writer.newVolume(), commit: new VolumeWriter(alice, nowMs).newVolume().commit };
    expect(() => verifyNewVolume(creation(writer, { newVolume }))).toThrow(refusal());
  });

  it("a commit from the future", () => {
    const late = new VolumeWriter(alice, nowMs + 11 * 60_000);
    expect(() => verifyNewVolume(creation(late))).toThrow(refusal("time_ahead"));
  });

  it("missing, foreign, altered and repeated pages", () => {
    const { pages } = writer.newVolume();
    const foreign = new VolumeWriter(alice, nowMs).newVolume().pages;
    const altered = `${pages[0]?.slice(0, -8)}AAAAAAAA`;
    for (const wrong of [[], pages.slice(1), [pages[0], pages[0]], [altered, pages[1]], foreign]) {
      const newVolume = { ...writer.newVolume(), pages: wrong as string[] };
      expect(() => verifyNewVolume(creation(writer, { newVolume }))).toThrow(refusal());
    }
  });

  it("an envelope for or of somebody else, or of another volume", () => {
    const envelopes = [
      writer.envelopeFor(mallory),
      writer.envelopeFor(alice, writer.manifest, mallory),
      new VolumeWriter(alice).envelopeFor(alice),
    ];
    for (const envelope of envelopes) {
      const newVolume = { ...writer.newVolume(), envelope: toBase64Url(envelope) };
      expect(() => verifyNewVolume(creation(writer, { newVolume }))).toThrow(refusal("envelope"));
    }
  });

  it("objects, which nobody can have uploaded yet", () => {
    const { genesis } = writer;
    const { sequence, previousCommitHash, timeMs } = genesis.commit;
    const { bytes } = new VolumeWriterAtGenesis(writer).write({
      sequence,
      previousCommitHash,
      timeMs,
    });
    const newVolume = { ...writer.newVolume(), commit: toBase64Url(bytes) };
    expect(() => verifyNewVolume(creation(writer, { newVolume }))).toThrow(refusal("added"));
  });

  it("bytes that are no records", () => {
    for (const part of ["manifest", "commit", "envelope"] as const) {
      const newVolume = { ...writer.newVolume(), [part]: "AAAA" };
      expect(() => verifyNewVolume(creation(writer, { newVolume }))).toThrow(refusal());
    }
  });
});

/** Writes another genesis over the same pages. */
class VolumeWriterAtGenesis {
  readonly #writer: VolumeWriter;

  constructor(writer: VolumeWriter) {
    this.#writer = writer;
  }

  write(fields: { sequence: number; previousCommitHash: Uint8Array; timeMs: number }) {
    const { genesis } = this.#writer;
    return this.#writer.write({
      added: [{ objectId: randomBytes(16), count: 1 }],
      fields: {
        ...fields,
        kind: COMMIT_KINDS.genesis,
        changes: [...genesis.commit.changes],
        stateRoot: genesis.commit.stateRoot,
      },
    });
  }
}
