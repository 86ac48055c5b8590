import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, type StartOptions, StorageFullError, startServer } from "@excalibur/server";
import { pino } from "pino";
import { EvilProxy } from "../evil-server/index.ts";
import {
  createPostgresDatabase,
  type DatabaseKind,
  dropPostgresDatabase,
  dumpPostgres,
  dumpSqlite,
  postgresUrl,
  type StoredValue,
  storyDatabase,
} from "./database.ts";
import { Device } from "./device.ts";
import { readFilesBelow } from "./local-files.ts";
import { Person } from "./person.ts";
import {
  type CliOptions,
  type CliRun,
  type ProgramOptions,
  runCli,
  runCliProgram,
  runServerCli,
  runServerProgram,
} from "./run-cli.ts";
import type { ServerPlace } from "./server-process.ts";
import { copySnapshot, homeOf, moveServer, type PersonName, serverFolderOf, snapshotOf } from "./snapshot.ts";
import { Wire } from "./wire.ts";

export interface WorldOptions {
  /** As the run says unless the story is about one of them. */
  readonly database?: DatabaseKind;
  /** What this server does differently. */
  readonly server?: Partial<StartOptions>;
}

/** What a server has, at one moment. */
export interface Backup {
  readonly folder: string;
  readonly database?: string;
}

/**
 * A server with people, in a folder of its own: the real one over real HTTP, behind a wire that can be cut and listened
 * to. `await using world = await World.start(); const { alice, bob } = await world.people("alice", "bob");`
 */
export class World implements AsyncDisposable {
  readonly folder: string;
  readonly wire: Wire;
  readonly #kind: DatabaseKind;
  readonly #options: Partial<StartOptions>;
  readonly #databases = new Set<string>();
  readonly #people = new Map<string, Promise<Person>>();
  readonly #devices: Device[] = [];
  readonly #logLines: string[] = [];
  #database: string | undefined;
  #server: RunningServer | undefined;
  #evil: EvilProxy | undefined;
  #folders = 0;

  private constructor(facts: { folder: string; wire: Wire; kind: DatabaseKind; options: Partial<StartOptions> }) {
    this.folder = facts.folder;
    this.wire = facts.wire;
    this.#kind = facts.kind;
    this.#options = facts.options;
  }

  static async start({ database = storyDatabase, server = {} }: WorldOptions = {}): Promise<World> {
    const snapshot = await snapshotOf(database);
    const folder = await mkdtemp(join(tmpdir(), "excalibur-world-"));
    const wire = await Wire.lay();
    const world = new World({ folder, wire, kind: database, options: server });
    try {
      const copy = await copySnapshot(snapshot, folder);
      if (copy.database !== undefined) world.#useDatabase(copy.database);
      await world.startServer();
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
    return world;
  }

  /** Where people reach their server, whether it runs or not. */
  get origin(): string {
    return this.wire.origin;
  }

  get serverFolder(): string {
    return serverFolderOf(this.folder);
  }

  /** What the server is started on. */
  get serverPlace(): ServerPlace {
    const databaseUrl = this.#database === undefined ? undefined : postgresUrl(this.#database);
    return { dataFolder: this.serverFolder, databaseUrl };
  }

  /** The running server. */
  get server(): RunningServer {
    if (this.#server === undefined) throw new Error("The server does not run now.");
    return this.#server;
  }

  /** People with an account, a laptop and a phone. */
  async people<Name extends PersonName>(...names: readonly Name[]): Promise<Record<Name, Person>> {
    const people = await Promise.all(names.map(async (name) => [name, await this.#person(name)] as const));
    return Object.fromEntries(people) as Record<Name, Person>;
  }

  /** A device that belongs to nobody yet. */
  async newDevice(name: string): Promise<Device> {
    const device = await Device.switchOn({ home: homeOf(this.folder, "nobody", name), server: this.origin });
    this.#devices.push(device);
    return device;
  }

  /** The same device after its program ended and was started again. */
  async restartDevice(device: Device): Promise<Device> {
    const again = await device.restart();
    this.#devices.push(again);
    return again;
  }

  /** An empty folder of this machine. */
  async localFolder(name: string): Promise<string> {
    this.#folders += 1;
    const folder = join(this.folder, "local", `${this.#folders}-${name}`);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async startServer(options: Partial<StartOptions> = {}): Promise<void> {
    const log = pino({ level: "trace" }, { write: (line) => void this.#logLines.push(line) });
    const database = this.#database === undefined ? {} : { database: { postgresUrl: postgresUrl(this.#database) } };
    this.#server = await startServer({
      ...{ dataFolder: this.serverFolder, port: 0, publicUrls: [this.origin], log },
      ...database,
      ...this.#options,
      ...options,
    });
    this.wire.leadTo(this.#evil?.port ?? this.#serverPort());
  }

  /** From now on every connection, of whatever client, leads through the hands of somebody who may lie. */
  async turnEvil(): Promise<EvilProxy> {
    this.#evil ??= await EvilProxy.listen(() => this.#serverPort());
    this.wire.leadTo(this.#evil.port);
    // What was connected before would go on speaking to the real one.
    this.wire.dropAll();
    return this.#evil;
  }

  async stopServer({ comesBack = false } = {}): Promise<void> {
    this.wire.leadTo(comesBack ? "wait" : "nowhere");
    await this.#server?.close();
    this.#server = undefined;
    this.wire.dropAll();
  }

  /** Cuts every connection; who asks meanwhile waits until the server is back. */
  async restart(options: Partial<StartOptions> = {}): Promise<void> {
    await this.stopServer({ comesBack: true });
    await this.startServer(options);
  }

  /** Copies everything the server has, with the server stopped for it, as its README says. */
  async backUp(): Promise<Backup> {
    await this.stopServer();
    const folder = await this.localFolder("backup");
    await cp(this.serverFolder, folder, { recursive: true });
    let copy = {};
    if (this.#database !== undefined) {
      const database = await createPostgresDatabase(this.#database);
      this.#databases.add(database);
      copy = { database };
    }
    await this.startServer();
    return { folder, ...copy };
  }

  /** Puts an earlier state in the place of today's. */
  async restore(backup: Backup): Promise<void> {
    await this.stopServer();
    await rm(this.serverFolder, { recursive: true });
    await cp(backup.folder, this.serverFolder, { recursive: true });
    if (backup.database !== undefined) this.#useDatabase(await createPostgresDatabase(backup.database));
    await this.startServer();
  }

  /** Every file of the server, whole. */
  serverFiles(): Promise<{ path: string; bytes: Buffer }[]> {
    return readFilesBelow(this.serverFolder);
  }

  /** Every column of every row. */
  async databaseDump(): Promise<StoredValue[]> {
    return this.#database === undefined ? dumpSqlite(this.serverFolder) : dumpPostgres(this.#database);
  }

  /** Everything the server logged, at the level that says most. */
  logs(): string {
    return this.#logLines.join("");
  }

  /** The command line, in this process ([Note: Commands in this process]). */
  runCli(home: string, args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
    return runCli(home, args, options);
  }

  /** The command line as a process of its own. */
  runCliProgram(home: string, args: readonly string[], options: ProgramOptions = {}): Promise<CliRun> {
    return runCliProgram(home, args, options);
  }

  /** What the person who runs the server types in a shell on its machine, in this process; `onData` unless the command needs no data. */
  runServerCli(args: readonly string[], { onData = true } = {}): Promise<CliRun> {
    return runServerCli(onData ? this.serverPlace : undefined, args);
  }

  /** The same as a process of its own. */
  runServerProgram(args: readonly string[]): Promise<CliRun> {
    return runServerProgram(this.serverPlace, args);
  }

  /** From now on the server's disk takes nothing more, until some of it is freed. */
  fillDisk(): { free(): void } {
    const { blobs } = this.server.context;
    const { putSmall, openStaged } = blobs;
    const full = () => Promise.reject(new StorageFullError());
    Object.assign(blobs, { putSmall: full, openStaged: full });
    return { free: () => void Object.assign(blobs, { putSmall, openStaged }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#devices.map((device) => device[Symbol.asyncDispose]()));
    await this.stopServer();
    await this.#evil?.[Symbol.asyncDispose]();
    await this.wire[Symbol.asyncDispose]();
    for (const database of this.#databases) await dropPostgresDatabase(database);
    await rm(this.folder, { recursive: true, force: true });
  }

  #serverPort(): number {
    return Number(new URL(this.server.origin).port);
  }

  #useDatabase(name: string): void {
    this.#databases.add(name);
    this.#database = name;
  }

  #person(name: PersonName): Promise<Person> {
    const known = this.#people.get(name) ?? this.#makePerson(name);
    this.#people.set(name, known);
    return known;
  }

  async #makePerson(name: PersonName): Promise<Person> {
    const { people } = await snapshotOf(this.#kind);
    const facts = people.find((person) => person.name === name);
    if (facts === undefined) throw new Error(`Nobody here is called ${name}.`);
    const switchOn = async (device: string) => {
      const home = homeOf(this.folder, name, device);
      await moveServer(home, this.origin);
      const device_ = await Device.switchOn({ home, server: this.origin });
      this.#devices.push(device_);
      return device_;
    };
    return new Person(facts, {
      laptop: await switchOn("laptop"),
      phone: await switchOn("phone"),
      homes: join(this.folder, "homes", name),
      server: this.origin,
      own: (device) => void this.#devices.push(device),
    });
  }
}
