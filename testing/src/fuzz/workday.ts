import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Device, readFilesBelow } from "../world/index.ts";
import type { Dice } from "./dice.ts";
import { contentOf, type Memory } from "./memory.ts";
import { demand, outcomeOf } from "./outcome.ts";
import { rememberedHead, SECRET_NAME } from "./truth.ts";

/** Beside and across the borders of batches, segments and parts. */
const SIZES = [0, 700, 20_000, 262_104, 300_000, 1_100_000, 4_500_000];
const FOLDERS = ["/", "/one", "/two/deep"];

/** Ordinary work on one device whose server lies. Every step has a right result or a typed refusal. */
export class Workday {
  device: Device;
  readonly #dice: Dice;
  readonly #memory: Memory;
  readonly #folder: string;
  readonly did: string[] = [];
  /** Where files were last seen or put. */
  readonly #paths: string[] = [];
  #head = -1;

  constructor({ device, dice, memory, folder }: { device: Device; dice: Dice; memory: Memory; folder: string }) {
    this.device = device;
    this.#dice = dice;
    this.#memory = memory;
    this.#folder = folder;
  }

  async step(): Promise<void> {
    const [name, work] = this.#dice.pick(Object.entries(this.#works()));
    const outcome = await outcomeOf(name, work());
    this.did.push("refusal" in outcome ? `${name}: ${outcome.refusal.code}` : name);
    const head = await rememberedHead(this.device);
    demand(head === undefined || head >= this.#head, () => `After «${name}» the device remembers an older head.`);
    this.#head = head ?? this.#head;
  }

  /** Somebody else's file, told to this one. */
  knows(path: string): void {
    this.#paths.push(path);
  }

  #works(): Record<string, () => Promise<void>> {
    const dice = this.#dice;
    const place = () => (dice.happens(0.9) && this.#paths.length > 0 ? dice.pick(this.#paths) : "/nowhere");
    return {
      write: () => this.#write(this.#newPath(), "fail"),
      "write again": () => this.#write(this.#newPath(), "fail"),
      replace: () => this.#write(place(), "replace"),
      read: () => this.#read(place()),
      "read once more": () => this.#read(place()),
      "read a part": () => this.#readPart(place()),
      list: () => this.#list(),
      "get everything": () => this.#getTree(),
      "make a folder": () => this.device.makeFolder(`${dice.pick(FOLDERS)}/folder ${dice.below(5)}`.replace("//", "/")),
      rename: () => this.#rename(place()),
      move: () => this.device.move(place(), { folder: dice.pick(FOLDERS) }),
      copy: () => this.device.copy(place(), { folder: dice.pick(FOLDERS), name: `copy ${dice.below(1_000)}` }),
      trash: () => this.device.trash(place()),
      "catch up": () => this.device.catchUp(),
      status: async () => void (await (await this.device.account).status()),
    };
  }

  #newPath(): string {
    const name = `${SECRET_NAME} ${this.#memory.names.length}`;
    return `${this.#dice.pick(FOLDERS)}/${name}`.replace("//", "/");
  }

  async #write(path: string, onConflict: "fail" | "replace"): Promise<void> {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const bytes = contentOf(name, this.#memory.versionsOf(name), this.#dice.pick(SIZES));
    const writing = this.#memory.begin(name, bytes);
    this.#paths.push(path);
    await this.device.write(path, bytes, { onConflict });
    writing.acknowledge();
  }

  async #read(path: string): Promise<void> {
    const content = await this.device.read(path);
    demand(this.#memory.identify(content) !== undefined, () => `${path} was read, with content that nobody wrote.`);
  }

  async #readPart(path: string): Promise<void> {
    const start = this.#dice.below(300_000);
    const part = await this.device.read(path, { start, end: start + this.#dice.below(400_000) });
    demand(this.#memory.hasPart(part, start), () => `A part of ${path} was read that nobody wrote.`);
  }

  async #list(): Promise<void> {
    for (const name of await this.device.names(this.#dice.pick(FOLDERS))) {
      const isOurs =
        name.startsWith(SECRET_NAME) || /^(one|two|deep|folder \d|copy \d+|renamed \d+)( \(\d+\))?$/.test(name);
      demand(isOurs, () => `«${name}» was listed, and nobody ever called anything so.`);
    }
  }

  async #getTree(): Promise<void> {
    const target = await mkdtemp(join(this.#folder, "tree-"));
    const got = await this.device.getTree("/", target).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    for (const { path, bytes } of await readFilesBelow(target)) {
      demand(this.#memory.identify(bytes) !== undefined, () => `${path} was written, with content that nobody wrote.`);
    }
    await rm(target, { recursive: true });
    if (got !== undefined) throw got.error;
  }

  async #rename(path: string): Promise<void> {
    const name = `renamed ${this.#dice.below(1_000)}`;
    await this.device.rename(path, name);
    this.#paths.push(`${path.slice(0, path.lastIndexOf("/"))}/${name}`);
  }
}
