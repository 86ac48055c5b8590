import type { FileContent } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import { CanarySearch } from "../canary/index.ts";
import type { EvilServer } from "../evil-server/index.ts";
import type { Device, Person } from "../world/index.ts";
import type { Memory } from "./memory.ts";
import { demand, Forbidden } from "./outcome.ts";

/** Of everything in a drive, by its path: which file it is. Trash is a place of its own. */
export async function readDrive(device: Device, memory: Memory): Promise<Map<string, string>> {
  const { files, downloads } = await device.drive;
  const found = new Map<string, string>();
  const readOne = async (path: string, file: Parameters<typeof downloads.read>[0]) => {
    const pieces: Buffer[] = [];
    for await (const piece of downloads.read(file)) pieces.push(Buffer.from(piece));
    const known = memory.identify(Buffer.concat(pieces));
    demand(known !== undefined, () => `${path} has content that nobody wrote.`);
    found.set(path, `${known.name} ${known.version}`);
  };
  const read = async (path: string, file: FileContent) => {
    await readOne(path, file);
    for (const [index, earlier] of file.versions.entries()) {
      await readOne(`${path}, earlier ${index}`, { ...earlier, mediaType: file.mediaType, versions: [] });
    }
  };
  for await (const step of files.walk(files.rootId)) {
    if ("cause" in step) throw new Forbidden(`${step.path} is damaged for good.`, { cause: step.cause });
    if (step.item.entry.file === undefined) found.set(step.path, "folder");
    else await read(step.path, step.item.entry.file);
  }
  const { items } = await files.listTrash();
  for (const { name, entry } of items) {
    if (entry.file !== undefined)
      await read(`trash of ${name} ${Buffer.from(entry.childId).toString("hex")}`, entry.file);
  }
  return found;
}

/** Everything that was acknowledged is there, as new as it was acknowledged or newer. */
export function demandAcknowledged(drive: ReadonlyMap<string, string>, memory: Memory): void {
  const newest = new Map<string, number>();
  for (const identity of drive.values()) {
    const cut = identity.lastIndexOf(" ");
    if (cut < 0) continue;
    const name = identity.slice(0, cut);
    newest.set(name, Math.max(newest.get(name) ?? -1, Number(identity.slice(cut + 1))));
  }
  for (const [name, version] of memory.acknowledged()) {
    demand(
      (newest.get(name) ?? -1) >= version,
      () => `Version ${version} of ${name} was acknowledged and is not there.`,
    );
  }
}

export function demandSame(mine: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): void {
  const lines = (drive: ReadonlyMap<string, string>) => [...drive].map(([path, what]) => `${path}: ${what}`).sort();
  const [a, b] = [lines(mine), lines(theirs)];
  demand(a.join("\n") === b.join("\n"), () => `Two devices see two drives:\n${a.join("\n")}\n— and —\n${b.join("\n")}`);
}

/** The number of the head that a device remembers; undefined: it has none yet. */
export async function rememberedHead(device: Device): Promise<number | undefined> {
  for await (const [, row] of device.ports.cache.list("volume-heads")) {
    return (JSON.parse(Buffer.from(row).toString()) as { sequence: number }).sequence;
  }
  return undefined;
}

/** What must be in no request, header or log line; a file's name may be in what a program says to its person. */
export async function secretsOf(
  { password, recoveryWords, phone }: Person,
  { names = true }: { readonly names?: boolean } = {},
): Promise<CanarySearch> {
  const session = await new Entrance(phone.ports).open();
  const { signatureSeed, sealingSeed, volumeKeys } = await session.member();
  const volumeKey = volumeKeys(session.homeVolumeId).get(0);
  const deviceSecret = await phone.ports.secrets.load();
  if (volumeKey === undefined || deviceSecret === undefined) throw new Error("This person has no keys to look for.");
  return new CanarySearch(
    Object.entries({
      ...{ "the password": password, "the recovery words": recoveryWords },
      ...(names ? { "a file's name": SECRET_NAME } : {}),
      ...{ "the account key": session.parts.account.key, "the signature key": signatureSeed },
      ...{ "the sealing key": sealingSeed, "the volume key": volumeKey, "the device secret": deviceSecret },
    }).map(([name, value]) => ({ name, value })),
  );
}

/** In the names of files of every round. */
export const SECRET_NAME = "canary-of-the-fuzzer";

export function demandNoSecret(search: CanarySearch, evil: EvilServer, logs: readonly string[]): void {
  const requests = evil.recorded.flatMap(({ route, path, query, headers, body }, index) => [
    { where: `request ${index} (${route})`, bytes: body },
    { where: `head of request ${index} (${route})`, bytes: Buffer.from(`${path}?${query} ${JSON.stringify(headers)}`) },
  ]);
  const [finding] = search.findAll([...requests, { where: "the log", bytes: Buffer.from(logs.join("\n")) }]);
  demand(finding === undefined, () => `${finding?.where} has ${finding?.marker} (${finding?.encoding}).`);
}
