import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { asVersion, isViolation, MomentGoneError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";

interface Commits {
  commits: string[];
  headSequence: number;
  headHash: string;
  more: boolean;
}

/** A folder whose listing was changed twice since the moment; the device that looks back has nothing of it at hand. */
async function furnish(device: Device): Promise<number> {
  await device.write("/salaries/list.txt", "what people earned");
  await device.write("/lunch/list.txt", "what people ate");
  const momentMs = (await device.drive).volume.headTimeMs;
  await device.write("/salaries/list.txt", "what people earn", { onConflict: "replace" });
  await device.write("/salaries/new.txt", "new");
  return momentMs;
}

async function preview(device: Device, timeMs: number, path = "/salaries") {
  const { files } = await device.drive;
  return await files.previewRewind({ folderId: await files.resolveFolder(path), timeMs });
}

/** Cuts a `fetchPages` answer into its records; one that is not there has no bytes. */
function recordsOf(body: Uint8Array): Buffer[] {
  const bytes = Buffer.from(body);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    records.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return records;
}

function pagesAnswer(records: readonly Buffer[]): Buffer {
  return Buffer.concat(
    records.flatMap((record) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(record.length);
      return [length, record];
    }),
  );
}

async function sequenceOf(device: Device): Promise<number> {
  return (await (await device.drive).volume.catchUp()).sequence;
}

describe("earlier commits (rows D6 and D8)", () => {
  const kept = (answer: Commits) => answer.commits.map(fromBase64Url);
  const forgeries: readonly (readonly [string, (answer: Commits) => Commits])[] = [
    ["are withheld", (answer) => ({ ...answer, commits: [], more: false })],
    ["lack one", (answer) => ({ ...answer, commits: answer.commits.filter((_, at) => at !== 1) })],
    ["are exchanged", (answer) => ({ ...answer, commits: answer.commits.toReversed() })],
    [
      "have another time",
      (answer) => ({
        ...answer,
        commits: kept(answer).map((commit) => {
          const changed = Buffer.from(commit);
          changed[68] = changed[68]! ^ 1;
          return toBase64Url(changed);
        }),
      }),
    ],
    [
      "have another signature",
      (answer) => ({
        ...answer,
        commits: kept(answer).map((commit) => {
          const changed = Buffer.from(commit);
          changed[changed.length - 1] = changed.at(-1)! ^ 1;
          return toBase64Url(changed);
        }),
      }),
    ],
  ];

  it("that are withheld, exchanged or altered are refused, and nothing is shown or changed", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const momentMs = await furnish(alice.laptop);
    const before = await sequenceOf(alice.phone);
    for (const [what, forge] of forgeries) {
      let looked = 0;
      alice.phone.network.alterJson<Commits>("listCommits", (answer, { query }) => {
        // Of what is new it tells the truth: nobody can notice before looking back.
        if (Number(query.get("after")) >= before) return answer;
        looked += 1;
        return forge(answer);
      });
      await expect(preview(alice.phone, momentMs), what).rejects.toSatisfy(isViolation);
      expect(looked).toBeGreaterThan(0);
      alice.phone.network.behave();
      expect(await sequenceOf(alice.phone)).toBe(before);
    }
    const honest = await preview(alice.phone, momentMs);
    expect(honest.changes.map(({ since }) => since)).toEqual([["changed"], ["added"]]);
  });

  it("of another volume are refused", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const momentMs = await furnish(alice.laptop);
    await furnish(bob.laptop);
    let ofBob: string[] = [];
    bob.phone.network.alterJson<Commits>("listCommits", (answer) => {
      if (answer.commits.length > ofBob.length) ofBob = answer.commits;
      return answer;
    });
    await expect(preview(bob.phone, 0)).rejects.toThrow(MomentGoneError);
    expect(ofBob.length).toBeGreaterThan(3);
    const before = await sequenceOf(alice.phone);
    alice.phone.network.alterJson<Commits>("listCommits", (answer, { query }) =>
      Number(query.get("after")) >= before ? answer : { ...answer, commits: ofBob },
    );
    await expect(preview(alice.phone, momentMs)).rejects.toSatisfy(isViolation);
  });
});

describe("a replaced page", () => {
  const forgeries: readonly (readonly [string, (record: Buffer, others: readonly Buffer[]) => Buffer])[] = [
    ["altered", (record) => Buffer.concat([record.subarray(0, -1), Buffer.from([record.at(-1)! ^ 1])])],
    ["cut", (record) => record.subarray(0, 300)],
    ["exchanged", (record, others) => others.find((other) => !other.equals(record))!],
  ];

  it("that is altered, cut or exchanged ends the rewind with a violation, and nothing is changed", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const momentMs = await furnish(alice.laptop);
    const { files } = await alice.phone.drive;
    await alice.phone.names("/salaries");
    const folder = Buffer.from(await files.resolveFolder("/salaries")).toString("hex");
    const before = await sequenceOf(alice.phone);
    const seen: Buffer[] = [Buffer.alloc(500, 1)];
    for (const [what, forge] of forgeries) {
      let forged = 0;
      alice.phone.network.alter("fetchPages", (body) =>
        pagesAnswer(
          recordsOf(body).map((record) => {
            if (record.subarray(20, 36).toString("hex") !== folder) return record;
            forged += 1;
            return forge(record, seen);
          }),
        ),
      );
      await expect(preview(alice.phone, momentMs), what).rejects.toSatisfy(isViolation);
      expect(forged).toBeGreaterThan(0);
      alice.phone.network.behave();
      expect(await sequenceOf(alice.phone)).toBe(before);
    }
    expect((await preview(alice.phone, momentMs)).lost).toEqual([]);
  });

  it("that is withheld is told as lost; without it nothing is guessed and nothing disappears", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const momentMs = await furnish(alice.laptop);
    const { files } = await alice.phone.drive;
    await alice.phone.names("/salaries");
    const folder = Buffer.from(await files.resolveFolder("/salaries")).toString("hex");
    alice.phone.network.alter("fetchPages", (body) =>
      pagesAnswer(
        recordsOf(body).map((record) =>
          record.subarray(20, 36).toString("hex") === folder ? Buffer.alloc(0) : record,
        ),
      ),
    );
    const shown = await preview(alice.phone, momentMs);
    expect(shown).toMatchObject({ changes: [], lost: [{ path: "/salaries", reason: "listing" }] });
    const before = await sequenceOf(alice.phone);
    await expect(files.rewind(shown)).rejects.toMatchObject({ code: "rewind_incomplete" });
    await files.rewind(shown, { withoutLost: true });
    expect(await sequenceOf(alice.phone)).toBe(before);
    alice.phone.network.behave();
    expect(await alice.phone.names("/salaries")).toEqual(["list.txt", "new.txt"]);
  });

  it("that is withheld when it is done, but was shown, stops it", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const momentMs = await furnish(alice.laptop);
    const shown = await preview(alice.phone, momentMs);
    const phone = await world.restartDevice(alice.phone);
    const before = await sequenceOf(phone);
    await phone.names("/salaries");
    phone.network.alter("fetchPages", (body) => pagesAnswer(recordsOf(body).map(() => Buffer.alloc(0))));
    const { files } = await phone.drive;
    await expect(files.rewind(shown, { withoutLost: true })).rejects.toMatchObject({ code: "rewind_outdated" });
    phone.network.behave();
    expect(await sequenceOf(phone)).toBe(before);
  });
});

describe("contents of then", () => {
  it("that the server says it has and does not are refused with the commit, and nothing is changed", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/docs/plan.txt", "the plan");
    const momentMs = (await laptop.drive).volume.headTimeMs;
    await laptop.trash("/docs/plan.txt");
    await (await laptop.drive).files.deleteForGood([(await laptop.trashed()).get("plan.txt")!]);
    // The bytes go before their time.
    const { database } = world.server.context;
    await database.write(async (tx) => {
      await tx.deleteFrom("object_references").where("dropped_ms", "is not", null).execute();
      await tx
        .updateTable("objects")
        .set({ uploader_user_id: new Uint8Array(0) })
        .execute();
    });
    const honest = await preview(phone, momentMs, "/docs");
    expect(honest).toMatchObject({ changes: [], lost: [{ path: "/docs/plan.txt", reason: "content" }] });

    phone.network.alterJson("checkObjects", () => ({ missing: [] }));
    const shown = await preview(phone, momentMs, "/docs");
    expect(shown).toMatchObject({ changes: [{ since: ["deleted"], path: "/docs/plan.txt" }], lost: [] });
    const before = await sequenceOf(phone);
    await expect((await phone.drive).files.rewind(shown)).rejects.toMatchObject({ code: "object_missing" });
    expect(await sequenceOf(phone)).toBe(before);
    expect(await phone.names("/docs")).toEqual([]);
  });
});

describe("an earlier version", () => {
  it("whose bytes the server replaces by those of another one is refused, byte by byte", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    for (const text of ["version one", "version two", "version six"]) {
      await laptop.write("/plan.txt", text, { onConflict: "replace" });
    }
    const { files, downloads } = await phone.drive;
    const item = await phone.find("/plan.txt");
    const [newest, oldest] = await files.versions(item);
    const swap = new Map([[toBase64Url(oldest!.id), toBase64Url(newest!.id)]]);
    const served = new Map<string, Uint8Array>();
    phone.network.alter("getObject", (body, { path, headers }) => {
      const range = headers["range"] ?? "";
      if (swap.has(path.split("/").at(-1)!)) return served.get(range) ?? new Uint8Array(body.length);
      served.set(range, body);
      return body;
    });
    const readAll = async (id: Uint8Array) => {
      const pieces: Buffer[] = [];
      for await (const piece of downloads.read(asVersion(item, id).entry.file!)) pieces.push(Buffer.from(piece));
      return Buffer.concat(pieces).toString();
    };
    expect(await readAll(newest!.id)).toBe("version two");
    await expect(readAll(oldest!.id)).rejects.toSatisfy(isViolation);
    phone.network.behave();
    expect(await readAll(oldest!.id)).toBe("version one");
  });
});
