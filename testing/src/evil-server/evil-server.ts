import {
  type Answer,
  type Ask,
  decodeJson,
  type Exchange,
  encodeJson,
  type Interference,
  withBody,
} from "./exchange.ts";

/** What a frame of the socket becomes on its way: nothing, itself, others. */
export type FrameInterference = (frame: string) => readonly string[];

/**
 * [Note: The evil server]
 * A real server behind somebody who may read, change, withhold, repeat and invent whatever travels, and who knows the
 * formats. Tests say what it does (`interfere`, `alter`, `alterJson`), everything else is as the real server says. There
 * are two places for it to stand, and the mutations are the same in both: `Network` is the HTTP and socket port of one
 * device in this process, and `EvilProxy` is a server of its own in front of a world, for clients that are programs.
 */
export class EvilServer {
  readonly #interferences = new Map<string, Interference>();
  #frames: FrameInterference = (frame) => [frame];
  /** Every request so far, by route. */
  readonly asked: string[] = [];
  /** What was asked together with what travelled, if `record` was called. */
  readonly recorded: Exchange[] = [];
  #isRecording = false;

  /** Every answer of that route passes through `interference` from now on; "*" means every other route. */
  interfere(route: string, interference: Interference): void {
    this.#interferences.set(route, interference);
  }

  /** As `interfere`, for answers whose bytes are changed. */
  alter(route: string, change: (body: Uint8Array, exchange: Exchange) => Uint8Array): void {
    this.interfere(route, async (exchange, ask) => {
      const answer = await ask();
      return answer.status < 300 ? withBody(answer, change(answer.body, exchange)) : answer;
    });
  }

  /** As `alter`, for answers in JSON. */
  alterJson<T = Record<string, unknown>>(route: string, change: (value: T, exchange: Exchange) => unknown): void {
    this.alter(route, (body, exchange) => encodeJson(change(decodeJson<T>(body), exchange)));
  }

  /** Every message that the server pushes passes through here from now on. */
  interfereFrames(interference: FrameInterference): void {
    this.#frames = interference;
  }

  /** From here on everything is as the server says. */
  behave(): void {
    this.#interferences.clear();
    this.#frames = (frame) => [frame];
  }

  /** Keeps every request from now on, whole. */
  record(): void {
    this.#isRecording = true;
  }

  /** Whether anybody wants to see or change what this route answers. */
  protected isWatched(route: string): boolean {
    return this.#isRecording || this.#interferenceOf(route) !== undefined;
  }

  /** What the client gets instead of what `ask` would bring. */
  protected async answer(exchange: Exchange, ask: Ask): Promise<Answer> {
    if (this.#isRecording) this.recorded.push(exchange);
    return await (this.#interferenceOf(exchange.route)?.(exchange, ask) ?? ask());
  }

  protected frames(frame: string): readonly string[] {
    return this.#frames(frame);
  }

  #interferenceOf(route: string): Interference | undefined {
    return this.#interferences.get(route) ?? this.#interferences.get("*");
  }
}
