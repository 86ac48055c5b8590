import type { Files, Item } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, World } from "../src/index.ts";

/** A deed on a device that does not know yet what was done on the other one. `who` is what it writes. */
type Deed = (device: Device, at: string, who: string) => Promise<unknown>;

const DEEDS = {
  create: async (device, at) => (await device.drive).files.makeFolder(await folderId(device, at), "new"),
  write: (device, at, who) => device.write(`${at}/new`, who),
  "write beside": (device, at, who) => device.write(`${at}/new`, who, { onConflict: "keep-both" }),
  "write into it": (device, at, who) => device.write(`${at}/thing/inside`, who),
  replace: (device, at, who) => device.write(`${at}/file`, who, { onConflict: "replace" }),
  rename: (device, at) => device.rename(`${at}/thing`, "renamed"),
  "rename otherwise": (device, at) => device.rename(`${at}/thing`, "otherwise"),
  move: (device, at) => device.move(`${at}/thing`, { folder: `${at}/away` }),
  "move elsewhere": (device, at) => device.move(`${at}/thing`, { folder: `${at}/else` }),
  "move the other into it": (device, at) => device.move(`${at}/away`, { folder: `${at}/thing` }),
  "move into its own child": (device, at) => device.move(`${at}/thing`, { folder: `${at}/thing/child` }),
  trash: (device, at) => device.trash(`${at}/thing`),
  "trash the file": (device, at) => device.trash(`${at}/file`),
  restore: (device, at) => onWaste(device, at, (files, item) => files.restore(item)),
  delete: (device, at) => onWaste(device, at, (files, item) => files.deleteForGood([item])),
  copy: (device, at) => device.copy(`${at}/thing`, { folder: `${at}/else` }),
  "copy into the other": (device, at) => device.copy(`${at}/thing`, { folder: `${at}/away` }),
} satisfies Record<string, Deed>;

async function folderId(device: Device, at: string): Promise<Uint8Array> {
  return await (await device.drive).files.resolveFolder(at);
}

async function onWaste(
  device: Device,
  at: string,
  deed: (files: Files, item: Item) => Promise<unknown>,
): Promise<void> {
  const item = (await device.trashed()).get(wasteOf(at));
  if (item === undefined) throw new Error("The waste was prepared.");
  await deed((await device.drive).files, item);
}

function wasteOf(at: string): string {
  return `waste of ${at.slice(1)}`;
}

/** Of another length than what is written later. */
const BEFORE = "as it was";

const THING = ["thing/", "thing/child/", "thing/kept"];
const AWAY = ["away/", "else/", "file"];

function under(folder: string, name = "thing"): string[] {
  return THING.map((path) => `${folder}${path.replace("thing", name)}`);
}

/** What is there afterwards, what is in the trash, and what the second one is told; undefined: it is done. */
type Outcome = { readonly told?: string; readonly there: readonly string[]; readonly trash?: readonly string[] };
type Pair = readonly [first: keyof typeof DEEDS, second: keyof typeof DEEDS, Outcome];

/** docs/use/together.md says the same in words. */
const PAIRS: readonly Pair[] = [
  ["create", "create", { told: "name_taken", there: [...AWAY, ...THING, "new/"] }],
  ["create", "write", { told: "name_taken", there: [...AWAY, ...THING, "new/"] }],
  ["write", "write", { told: "name_taken", there: [...AWAY, ...THING, "new = first"] }],
  ["write", "write beside", { there: [...AWAY, ...THING, "new = first", "new (2) = second"] }],
  ["replace", "replace", { there: ["away/", "else/", `file = second < first < ${BEFORE}`, ...THING] }],
  ["rename", "rename otherwise", { told: "renamed_meanwhile", there: [...AWAY, ...under("", "renamed")] }],
  ["rename", "rename", { there: [...AWAY, ...under("", "renamed")] }],
  ["rename", "move", { there: [...AWAY, ...under("away/", "renamed")] }],
  ["rename", "trash", { there: AWAY, trash: under("", "renamed") }],
  ["rename", "copy", { there: [...AWAY, ...under("", "renamed"), ...under("else/", "renamed")] }],
  ["rename", "write into it", { there: [...AWAY, ...under("", "renamed"), "renamed/inside = second"] }],
  ["move", "rename", { told: "not_found", there: [...AWAY, ...under("away/")] }],
  ["move", "move elsewhere", { told: "not_found", there: [...AWAY, ...under("away/")] }],
  ["move", "move", { told: "not_found", there: [...AWAY, ...under("away/")] }],
  ["move", "move the other into it", { told: "into_itself", there: [...AWAY, ...under("away/")] }],
  ["move", "trash", { told: "not_found", there: [...AWAY, ...under("away/")] }],
  ["move", "copy", { told: "not_found", there: [...AWAY, ...under("away/")] }],
  ["move", "write into it", { there: [...AWAY, ...under("away/"), "away/thing/inside = second"] }],
  [
    "move the other into it",
    "copy into the other",
    { told: "into_itself", there: ["else/", "file", ...THING, "thing/away/"] },
  ],
  ["create", "move into its own child", { told: "into_itself", there: [...AWAY, ...THING, "new/"] }],
  ["trash", "trash", { told: "not_found", there: AWAY, trash: THING }],
  ["trash", "rename", { told: "not_found", there: AWAY, trash: THING }],
  ["trash", "move", { told: "not_found", there: AWAY, trash: THING }],
  ["trash", "copy", { told: "not_found", there: AWAY, trash: THING }],
  ["trash", "write into it", { there: AWAY, trash: [...THING, "thing/inside = second"] }],
  ["trash", "move the other into it", { there: ["else/", "file"], trash: [...THING, "thing/away/"] }],
  ["trash the file", "replace", { there: ["away/", "else/", "file = second", ...THING], trash: ["file"] }],
  ["replace", "trash the file", { there: ["away/", "else/", ...THING], trash: [`file = first < ${BEFORE}`] }],
  ["restore", "restore", { told: "not_found", there: [...AWAY, ...THING, "waste/"] }],
  ["restore", "delete", { told: "not_found", there: [...AWAY, ...THING, "waste/"] }],
  ["delete", "restore", { told: "not_found", there: [...AWAY, ...THING] }],
  ["delete", "delete", { told: "not_found", there: [...AWAY, ...THING] }],
  ["copy", "copy", { told: "name_taken", there: [...AWAY, ...THING, ...under("else/")] }],
  ["copy", "rename", { there: [...AWAY, ...under("", "renamed"), ...under("else/")] }],
  ["copy", "move", { there: [...AWAY, ...under("away/"), ...under("else/")] }],
  ["copy", "trash", { there: [...AWAY, ...under("else/")], trash: THING }],
];

/** Paths below a folder; files that were written since say their contents, and those of their earlier versions. */
async function pathsBelow(device: Device, nodeId: Uint8Array, prefix = ""): Promise<string[]> {
  const { files } = await device.drive;
  const paths: string[] = [];
  for await (const walked of files.walk(nodeId)) {
    if ("cause" in walked) throw walked.cause;
    paths.push(prefix + (await shownPath(device, walked.path, walked.item)));
  }
  return paths;
}

async function shownPath(device: Device, path: string, { type, entry }: Item): Promise<string> {
  if (type === "folder" || entry.file === undefined) return `${path}/`;
  if (entry.file.sizeBytes === BEFORE.length && entry.file.versions.length === 0) return path;
  const texts: string[] = [];
  for (const file of [
    entry.file,
    ...entry.file.versions.map((version) => ({ ...version, mediaType: "", versions: [] })),
  ]) {
    const pieces: Buffer[] = [];
    for await (const piece of (await device.drive).downloads.read(file)) pieces.push(Buffer.from(piece));
    texts.push(Buffer.concat(pieces).toString());
  }
  return `${path} = ${texts.join(" < ")}`;
}

/** What lies in the trash and came from a folder. */
async function trashFrom(device: Device, parentId: Uint8Array): Promise<string[]> {
  const { files } = await device.drive;
  const paths: string[] = [];
  for (const item of (await files.listTrash()).items) {
    const from = item.entry.trashed?.fromNodeId;
    if (from === undefined || !Buffer.from(from).equals(parentId) || item.entry.name.startsWith("waste")) continue;
    paths.push(await shownPath(device, item.entry.name, item));
    if (item.type === "folder") paths.push(...(await pathsBelow(device, item.childId, `${item.entry.name}/`)));
  }
  return paths;
}

describe("of two who do something to the same thing, the second one", () => {
  it("gets what docs/use/together.md says, pair by pair, and nothing is lost", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    const { files } = await laptop.drive;
    const places = PAIRS.map((_, index) => String(index));
    await files.makeTree(
      files.rootId,
      places.flatMap((at) => [
        ...["away", "else"].map((name) => [at, name]),
        [at, "thing", "child"],
        [at, wasteOf(`/${at}`)],
      ]),
    );
    await laptop.write("/0/file", BEFORE);
    await laptop.write("/0/thing/kept", BEFORE);
    const [file, kept] = [await laptop.find("/0/file"), await laptop.find("/0/thing/kept")];
    const { volume } = await laptop.drive;
    await Promise.all(
      places.slice(1).map(async (at) => {
        await files.copy(file, { folderId: await folderId(laptop, `/${at}`) });
        await files.copy(kept, { folderId: await folderId(laptop, `/${at}/thing`) });
      }),
    );
    const waste = await Promise.all(places.map((at) => laptop.find(`/${at}/${wasteOf(`/${at}`)}`)));
    await files.trash(waste, { massDeletion: "meant" });
    await phone.catchUp();
    for (const [index, [first, second, { told }]] of PAIRS.entries()) {
      const name = `${first}, then ${second}`;
      await DEEDS[first](laptop, `/${index}`, "first");
      const outcome = await Promise.allSettled([DEEDS[second](phone, `/${index}`, "second")]);
      const code = outcome[0].status === "rejected" ? (outcome[0].reason as { code?: unknown }).code : undefined;
      expect([name, code]).toEqual([name, told]);
      // The next pair begins on equal states again.
      await laptop.catchUp();
      await phone.catchUp();
    }
    expect(volume.head.sequence).toBe((await phone.drive).volume.head.sequence);
    for (const device of [laptop, phone]) {
      for (const [index, [first, second, { there, trash = [] }]] of PAIRS.entries()) {
        const at = await folderId(device, `/${index}`);
        const name = `${first}, then ${second}`;
        const seen = (await pathsBelow(device, at)).map((path) => path.replace(wasteOf(`/${index}`), "waste"));
        expect([name, ...seen.sort()]).toEqual([name, ...[...there].sort()]);
        expect([name, ...(await trashFrom(device, at)).sort()]).toEqual([name, ...[...trash].sort()]);
      }
    }
  }, 240_000);

  it("moves the place of a copy into what is copied, while it is being copied: the copy ends", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/thing/kept", BEFORE);
    await laptop.makeFolder("/away");
    await phone.catchUp();
    let commits = 0;
    laptop.network.interfere("postCommit", async (_, ask) => {
      const answer = await ask();
      commits += 1;
      if (commits === 1) await phone.move("/away", { folder: "/thing" });
      return answer;
    });
    await laptop.copy("/thing", { folder: "/away" });
    await phone.catchUp();
    for (const device of [laptop, phone]) {
      const paths = await pathsBelow(device, await folderId(device, "/thing"));
      expect(paths.sort()).toEqual(["away/", "away/thing/", "away/thing/away/", "away/thing/kept", "kept"]);
    }
  });
});
