import { join } from "node:path";
import { type Account, type Drive, Excalibur } from "@excalibur/sdk";
import type { DownloadRequest, DownloadResult } from "@excalibur/sdk/download";
import type { ConflictPolicy, Item } from "@excalibur/sdk/files";
import type { FileSource } from "@excalibur/sdk/ports";
import type { UploadRequest, UploadResult } from "@excalibur/sdk/upload";
import type { Network } from "../evil-server/index.ts";
import { type DevicePorts, openDevicePorts } from "./device-ports.ts";
import { bytesSource, makeFolder, openSink, openSource, walkLocal } from "./local-files.ts";

export interface DeviceOptions {
  readonly home: string;
  readonly server: string;
  /** How wrong this device's clock is. */
  readonly clockOffsetMs?: number;
}

interface PutOptions {
  readonly onConflict?: ConflictPolicy;
  readonly signal?: AbortSignal;
  /** A small picture that goes along. */
  readonly thumbnail?: Uint8Array;
}

/** A folder, and the name there if it is not the old one. */
interface Place {
  readonly folder: string;
  readonly name?: string;
}

/** A computer of somebody: its state in a folder, the sdk on it, and what people do with it. */
export class Device implements AsyncDisposable {
  readonly home: string;
  readonly server: string;
  readonly excalibur: Excalibur;
  readonly #ports: DevicePorts;
  #account: Promise<Account> | undefined;

  private constructor({ home, server }: DeviceOptions, ports: DevicePorts) {
    this.home = home;
    this.server = server;
    this.#ports = ports;
    this.excalibur = new Excalibur(ports);
  }

  static async switchOn(options: DeviceOptions): Promise<Device> {
    return new Device(options, await openDevicePorts(options.home, options));
  }

  /** Between this device and the server. */
  get network(): Network {
    return this.#ports.http;
  }

  get ports(): DevicePorts {
    return this.#ports;
  }

  /** The account as this device has it; opened when it is first needed. */
  get account(): Promise<Account> {
    this.#account ??= this.excalibur.open();
    return this.#account;
  }

  get drive(): Promise<Drive> {
    return this.account.then((account) => account.drive());
  }

  /** An account that was just signed up, signed in or recovered on this device. */
  use(account: Account): void {
    this.#account = Promise.resolve(account);
  }

  /** Ends the program and starts it again: only what lies in its folder remains. */
  async restart(): Promise<Device> {
    const { home, server } = this;
    await this[Symbol.asyncDispose]();
    return Device.switchOn({ home, server });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const [opened] = await Promise.allSettled([this.#account]);
    if (opened.status === "fulfilled") await opened.value?.close();
    await this.#ports.close();
  }

  // What people do.

  async catchUp(): Promise<void> {
    const { volume, volumes } = await this.drive;
    await volume.catchUp();
    await volumes.catchUp(() => undefined);
  }

  async makeFolder(path: string): Promise<void> {
    await (await this.drive).files.makeFolders(path);
  }

  /** The item at a path; it has to be there. */
  async find(path: string): Promise<Item> {
    const { files } = await this.drive;
    const item = await files.resolve(path);
    if (item === null) throw new Error("The root is no item.");
    return item;
  }

  /** The names in a folder, sorted. */
  async names(path = "/"): Promise<string[]> {
    const { files } = await this.drive;
    const { items, damage } = await files.list(await files.resolveFolder(path));
    if (damage.length > 0) throw damage[0];
    return items.map(({ name }) => name).sort();
  }

  /** Stores one file. What is missing of its folder is made. */
  async write(path: string, content: Uint8Array | string | FileSource, options: PutOptions = {}): Promise<void> {
    const { files } = await this.drive;
    const cut = path.lastIndexOf("/");
    const name = path.slice(cut + 1);
    const folderId = await files.makeFolders(path.slice(0, cut) || "/");
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const source = bytes instanceof Uint8Array ? bytesSource(name, bytes) : bytes;
    const { onConflict = "fail", signal, thumbnail } = options;
    const picturing = thumbnail === undefined ? {} : { thumbnail: async () => thumbnail };
    const request = { open: async () => source, folderId, name, onConflict, ...picturing };
    const [result] = await this.#upload([request], signal);
    if (result !== undefined && "error" in result) throw result.error;
  }

  /** The whole content of a file, every byte of it verified. */
  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Buffer> {
    const { downloads } = await this.drive;
    const { entry } = await this.find(path);
    if (entry.file === undefined) throw new Error(`${path} is no file.`);
    const pieces: Buffer[] = [];
    for await (const piece of downloads.read(entry.file, range)) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }

  async readText(path: string): Promise<string> {
    return (await this.read(path)).toString();
  }

  /** Stores everything below a local folder. Gives the failures. */
  async putTree(local: string, remote: string, options: PutOptions = {}): Promise<UploadResult[]> {
    const { files } = await this.drive;
    const { folders, paths } = await walkLocal(local);
    const rootId = await files.makeFolders(remote);
    const ids = await files.makeTree(
      rootId,
      folders.map((folder) => folder.split("/")),
    );
    const idOf = new Map([["", rootId], ...folders.map((folder, index) => [folder, ids[index]!] as const)]);
    const { onConflict = "fail", signal } = options;
    const requests = paths.map((path) => {
      const cut = path.lastIndexOf("/");
      const folderId = idOf.get(path.slice(0, Math.max(0, cut)))!;
      return { open: () => openSource(join(local, path)), folderId, name: path.slice(cut + 1), onConflict };
    });
    const results = await this.#upload(requests, signal);
    return results.filter((result) => "error" in result);
  }

  /** Fetches everything below a folder. Throws the first failure. */
  async getTree(remote: string, local: string): Promise<void> {
    const { files, downloads } = await this.drive;
    const requests: DownloadRequest[] = [];
    for await (const step of files.walk(await files.resolveFolder(remote))) {
      if ("cause" in step) throw step.cause;
      const path = join(local, step.path);
      const { entry, modifiedMs } = step.item;
      if (entry.file === undefined) await makeFolder(path);
      else requests.push({ file: entry.file, openSink: () => openSink(path, modifiedMs) });
    }
    const failures: unknown[] = [];
    const onResult = ({ error }: DownloadResult) => void (error !== undefined && failures.push(error));
    await downloads.download(requests, { onResult });
    if (failures.length > 0) throw failures[0];
  }

  async trash(path: string): Promise<void> {
    const item = await this.find(path);
    await (await this.drive).files.trash([item]);
  }

  /** What lies in the trash, by the name it had. */
  async trashed(): Promise<Map<string, Item>> {
    const { items } = await (await this.drive).files.listTrash();
    return new Map(items.map((item) => [item.name, item]));
  }

  async move(from: string, to: Place): Promise<void> {
    const item = await this.find(from);
    await (await this.drive).files.move(item, await this.#destination(to));
  }

  async copy(from: string, to: Place): Promise<void> {
    const item = await this.find(from);
    await (await this.drive).files.copy(item, await this.#destination(to));
  }

  async rename(path: string, name: string): Promise<void> {
    const item = await this.find(path);
    await (await this.drive).files.rename(item, name);
  }

  async #destination({ folder, name }: Place) {
    const folderId = await (await this.drive).files.resolveFolder(folder);
    return { folderId, ...(name === undefined ? {} : { name }) };
  }

  async #upload(requests: readonly UploadRequest[], signal: AbortSignal | undefined): Promise<UploadResult[]> {
    const { uploads } = await this.drive;
    const results: UploadResult[] = [];
    await uploads.upload(requests, {
      onResult: (result) => results.push(result),
      ...(signal === undefined ? {} : { signal }),
    });
    return results;
  }
}
