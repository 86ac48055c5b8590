import { connect, type Socket } from "node:net";

/** A connection on which a test says what it likes, as slowly as it likes. */
export class RawClient {
  readonly socket: Socket;
  /** Resolves when the connection is over, however it ended. */
  readonly closed: Promise<void>;
  #heard = "";
  #dribbling: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<() => void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#heard += chunk.toString("latin1");
      for (const listener of this.#listeners) listener();
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        clearInterval(this.#dribbling);
        resolve();
      });
    });
    // What a server does that has enough: the close that follows is what is waited for.
    socket.on("error", () => socket.destroy());
  }

  static open(origin: string): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(origin).port), "127.0.0.1");
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new RawClient(socket));
      });
    });
  }

  /** Everything the server has said so far. */
  get heard(): string {
    return this.#heard;
  }

  say(text: string | Uint8Array): void {
    if (this.socket.writable) this.socket.write(text);
  }

  /** The same again and again, until the connection is over. */
  dribble(text: string, everyMs: number): void {
    this.#dribbling = setInterval(() => this.say(text), everyMs);
  }

  /** Resolves when what the server has said is as wished. */
  hears(what: (heard: string) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!what(this.#heard)) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      void this.closed.then(() => reject(new Error(`The connection ended after: ${this.#heard.slice(0, 500)}`)));
      look();
    });
  }
}

/** The head of a request, made of what `fetch` would be given. */
export function requestHead(url: string, init: RequestInit, more: Readonly<Record<string, string>> = {}): string {
  const { pathname, search } = new URL(url);
  const headers = { host: "127.0.0.1", ...(init.headers as Record<string, string>), ...more };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${init.method ?? "GET"} ${pathname}${search} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}
