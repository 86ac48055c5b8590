import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

export type Direction = "up" | "down";

interface Pair {
  readonly person: Socket;
  readonly server: Socket;
}

/**
 * The network between people and their server: a TCP relay that stays where it is while the server restarts behind it,
 * writes down every byte when asked to, and can be cut.
 */
export class Wire implements AsyncDisposable {
  readonly origin: string;
  readonly #relay: Server;
  readonly #pairs = new Set<Pair>();
  readonly #recorded: { readonly direction: Direction; readonly chunks: Buffer[] }[] = [];
  readonly #waiting: Socket[] = [];
  #target: number | "nowhere" | "wait" = "nowhere";
  #isRecording = false;
  #awaited: { readonly direction: Direction; left: number; readonly act: () => void } | undefined;
  #cut: { readonly direction: Direction; left: number; times: number; readonly every: number } | undefined;

  private constructor(relay: Server) {
    this.#relay = relay;
    relay.on("connection", (person) => this.#connect(person));
    this.origin = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
  }

  static async lay(): Promise<Wire> {
    const relay = createServer();
    await new Promise<void>((resolve, reject) => {
      relay.once("error", reject);
      relay.listen(0, "127.0.0.1", resolve);
    });
    return new Wire(relay);
  }

  /** Where connections lead from now on: to a port, nowhere (they are dropped), or they wait for what comes next. */
  leadTo(target: number | "nowhere" | "wait"): void {
    this.#target = target;
    for (const person of this.#waiting.splice(0)) this.#connect(person);
  }

  /** Drops every connection that is open. */
  dropAll(): void {
    for (const { person, server } of this.#pairs) {
      person.destroy();
      server.destroy();
    }
  }

  /** Cuts the connection over which the n-th byte from now on would travel; as often as told. */
  cutAfter({ direction, bytes, times = 1 }: { direction: Direction; bytes: number; times?: number }): void {
    this.#cut = { direction, left: bytes, times, every: bytes };
  }

  /** Does something when the n-th byte from now on travels. */
  whenCarried({ direction, bytes }: { direction: Direction; bytes: number }, act: () => void): void {
    this.#awaited = { direction, left: bytes, act };
  }

  /** How many more cuts are to come. */
  get cutsLeft(): number {
    return this.#cut?.times ?? 0;
  }

  record(): void {
    this.#isRecording = true;
  }

  /** What travelled since `record`, each direction of each connection as one piece. */
  recorded(): Buffer[] {
    return this.#recorded.map(({ chunks }) => Buffer.concat(chunks));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leadTo("nowhere");
    this.dropAll();
    await new Promise((resolve) => this.#relay.close(resolve));
  }

  #connect(person: Socket): void {
    if (this.#target === "wait") {
      this.#waiting.push(person);
      return;
    }
    if (this.#target === "nowhere") {
      person.destroy();
      return;
    }
    const server = connect(this.#target, "127.0.0.1");
    const pair = { person, server };
    this.#pairs.add(pair);
    this.#relayBytes(pair, "up");
    this.#relayBytes(pair, "down");
    const end = () => {
      this.#pairs.delete(pair);
      person.destroy();
      server.destroy();
    };
    for (const socket of [person, server]) socket.setNoDelay(true).once("error", end).once("close", end);
  }

  #relayBytes({ person, server }: Pair, direction: Direction): void {
    const [from, to] = direction === "up" ? [person, server] : [server, person];
    const record = this.#isRecording ? { direction, chunks: [] as Buffer[] } : undefined;
    if (record) this.#recorded.push(record);
    from.on("data", (chunk: Buffer) => {
      record?.chunks.push(Buffer.from(chunk));
      this.#notice(direction, chunk.length);
      if (this.#isCut(direction, chunk.length)) {
        person.destroy();
        server.destroy();
        return;
      }
      if (!to.write(chunk)) {
        from.pause();
        to.once("drain", () => from.resume());
      }
    });
    from.once("end", () => to.end());
  }

  #notice(direction: Direction, bytes: number): void {
    const awaited = this.#awaited;
    if (awaited?.direction !== direction) return;
    awaited.left -= bytes;
    if (awaited.left > 0) return;
    this.#awaited = undefined;
    awaited.act();
  }

  #isCut(direction: Direction, bytes: number): boolean {
    const cut = this.#cut;
    if (cut === undefined || cut.times === 0 || cut.direction !== direction) return false;
    cut.left -= bytes;
    if (cut.left > 0) return false;
    cut.times -= 1;
    cut.left = cut.every;
    return true;
  }
}
