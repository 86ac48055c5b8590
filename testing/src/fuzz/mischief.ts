import { setTimeout as delay } from "node:timers/promises";
import { NetworkError } from "@excalibur/sdk";
import {
  type Answer,
  type Ask,
  decodeJson,
  type EvilServer,
  type Exchange,
  encodeJson,
  problemAnswer,
  withBody,
} from "../evil-server/index.ts";
import type { Dice } from "./dice.ts";

/** Refusals of the protocol that an honest server gives in other places. */
const REFUSALS = [
  ["unavailable", 503],
  ["rate_limited", 429],
  ["internal", 500],
  ["not_found", 404],
  ["object_gone", 410],
  ["session_ended", 401],
  ["clock_skew", 401],
  ["replayed", 401],
  ["head_moved", 409],
  ["page_missing", 422],
  ["version_conflict", 409],
  ["quota_exceeded", 413],
  ["upload_not_found", 404],
  ["forbidden", 403],
] as const;

const STATUSES = [200, 204, 206, 301, 304, 400, 404, 410, 418, 500, 502, 503];

/** How often an answer at most is given in the place of a later one. */
const KEPT_ANSWERS = 20;
/** Long enough to come after others, short enough for many rounds. */
const LONGEST_DELAY_MS = 25;

type Trick = (ask: Ask, exchange: Exchange) => Promise<Answer>;

export interface MischiefOptions {
  readonly dice: Dice;
  /** How likely an answer is tampered with. */
  readonly share: number;
  /** Connections that break make programs wait in earnest. */
  readonly breaks: boolean;
}

/** Flips, cuts, swaps, repeats, delays, reorders and invents answers; what it did is written down. */
export class Mischief {
  readonly did: string[] = [];
  readonly #dice: Dice;
  readonly #share: number;
  readonly #tricks: readonly (readonly [name: string, trick: Trick])[];
  readonly #kept: { readonly route: string; readonly answer: Answer }[] = [];

  constructor({ dice, share, breaks }: MischiefOptions) {
    this.#dice = dice;
    this.#share = share;
    const tricks = Object.entries(this.#allTricks()).filter(([name]) => breaks || name !== "break");
    // A different mixture each time: one kind of trouble alone goes further than all at once.
    this.#tricks = dice.some(tricks);
  }

  /** From now on, until it behaves again. */
  begin(evil: EvilServer): void {
    evil.interfere("*", (exchange, ask) => this.#answer(exchange, ask));
    evil.interfereFrames((frame) => this.#frame(frame));
  }

  async #answer(exchange: Exchange, ask: Ask): Promise<Answer> {
    if (!this.#dice.happens(this.#share)) return this.#keep(exchange.route, await ask());
    const [name, trick] = this.#dice.pick(this.#tricks);
    this.did.push(`${name} ${exchange.route}`);
    return await trick(ask, exchange);
  }

  #allTricks(): Record<string, Trick> {
    const dice = this.#dice;
    const changed =
      (change: (answer: Answer) => Answer): Trick =>
      async (ask, { route }) =>
        change(this.#keep(route, await ask()));
    return {
      flip: changed((answer) => withBody(answer, this.#flip(answer.body))),
      "flip without fitting length": changed((answer) => ({
        ...answer,
        body: this.#flip(answer.body).subarray(dice.below(2)),
      })),
      cut: changed((answer) => withBody(answer, answer.body.subarray(0, dice.below(answer.body.length + 1)))),
      "cut and announce all": changed((answer) => ({
        ...answer,
        body: answer.body.subarray(0, dice.below(answer.body.length + 1)),
      })),
      append: changed((answer) => withBody(answer, Buffer.concat([answer.body, Buffer.alloc(1 + dice.below(64), 7)]))),
      double: changed((answer) => withBody(answer, Buffer.concat([answer.body, answer.body]))),
      empty: changed((answer) => withBody(answer, new Uint8Array())),
      status: changed((answer) => ({ ...answer, status: dice.pick(STATUSES) })),
      header: changed((answer) => this.#otherHeader(answer)),
      field: changed((answer) => this.#otherField(answer)),
      refuse: async () => {
        const [code, status] = dice.pick(REFUSALS);
        return problemAnswer(code, status, dice.happens(0.3) ? { retryAfterMs: dice.pick([0, 1, 50, 2 ** 40]) } : {});
      },
      "refuse after the effect": async (ask) => {
        await ask();
        const [code, status] = dice.pick(REFUSALS);
        return problemAnswer(code, status);
      },
      "repeat an answer": async (ask, { route }) => {
        const old = this.#kept.filter((kept) => kept.route === route);
        return old.length > 0 ? dice.pick(old).answer : ask();
      },
      "repeat an answer after the effect": async (ask, { route }) => {
        const answer = await ask();
        const old = this.#kept.filter((kept) => kept.route === route);
        return old.length > 0 ? dice.pick(old).answer : answer;
      },
      swap: async (ask) => {
        const answer = await ask();
        return this.#kept.length > 0 ? dice.pick(this.#kept).answer : answer;
      },
      delay: async (ask, { route }) => {
        await delay(dice.below(LONGEST_DELAY_MS));
        const answer = this.#keep(route, await ask());
        await delay(dice.below(LONGEST_DELAY_MS));
        return answer;
      },
      "ask twice": async (ask, { route }) => {
        await ask();
        return this.#keep(route, await ask());
      },
      "other request": async (ask, { body }) => ask(body.length > 0 ? { body: this.#flip(body) } : {}),
      break: async (ask) => {
        if (dice.happens(0.5)) await ask();
        throw new NetworkError("The connection broke.");
      },
    };
  }

  #keep(route: string, answer: Answer): Answer {
    if (answer.status < 300) this.#kept.push({ route, answer });
    if (this.#kept.length > KEPT_ANSWERS) this.#kept.splice(this.#dice.below(this.#kept.length), 1);
    return answer;
  }

  #flip(bytes: Uint8Array): Uint8Array {
    const copy = new Uint8Array(bytes);
    for (let flips = 1 + this.#dice.below(3); flips > 0 && copy.length > 0; flips--) {
      const at = this.#dice.below(copy.length);
      copy[at] = (copy[at] as number) ^ (1 << this.#dice.below(8));
    }
    return copy;
  }

  #otherHeader(answer: Answer): Answer {
    const [name, values] = this.#dice.pick([
      ["content-length", ["0", "1", "999999999999999", "-1", "1e9", String(answer.body.length + 1)]],
      ["content-type", ["text/html", "application/json", "application/octet-stream", "application/problem+json", ""]],
      ["content-range", ["bytes 0-0/1", "bytes */0", "nonsense"]],
      ["retry-after", ["99999999", "-1", "soon"]],
    ] as const);
    return { ...answer, headers: { ...answer.headers, [name]: this.#dice.pick(values) } };
  }

  /** One value somewhere in a JSON answer, exchanged for another that often is still well formed. */
  #otherField(answer: Answer): Answer {
    if (!(answer.headers["content-type"] ?? "").includes("json")) return withBody(answer, this.#flip(answer.body));
    const value = decodeJson<unknown>(answer.body);
    const places = placesOf(value);
    if (places.length === 0) return answer;
    const { holder, key } = this.#dice.pick(places);
    holder[key] = this.#otherValue(holder[key], places);
    return withBody(answer, encodeJson(value));
  }

  #otherValue(value: unknown, places: readonly Place[]): unknown {
    const dice = this.#dice;
    if (dice.happens(0.1)) return dice.pick([null, "", 0, -1, 2 ** 53, {}, [], true]);
    if (typeof value === "number")
      return dice.pick([value + 1, value - 1, 0, 1, 2 ** 31, 2 ** 47, Number.MAX_SAFE_INTEGER]);
    if (typeof value === "boolean") return !value;
    if (Array.isArray(value))
      return dice.pick([[], [...value, ...value], [...value].reverse(), value.slice(1), value.slice(0, -1)]);
    if (typeof value !== "string") return dice.pick([null, {}, []]);
    const others = places.map((place) => place.holder[place.key]).filter((other) => typeof other === "string");
    const at = dice.below(value.length);
    const character = "AQgwBCDEfghij0123456789-_"[dice.below(25)];
    return dice.pick([
      value.slice(0, at) + character + value.slice(at + 1),
      value.slice(0, at),
      value + value,
      dice.pick(others),
    ]);
  }

  /** What the server pushes: lost, doubled, bent, invented. */
  #frame(frame: string): readonly string[] {
    const dice = this.#dice;
    if (!dice.happens(this.#share)) return [frame];
    this.did.push("a frame");
    const bent = Buffer.from(this.#flip(Buffer.from(frame))).toString();
    const sequence = dice.pick([0, 1, 2 ** 47]);
    const invented = JSON.stringify(
      dice.pick([{ type: "keyring", version: sequence }, { type: "ready" }, { type: "commit", sequence }, []]),
    );
    return dice.pick([
      [],
      [frame, frame],
      [bent],
      [frame, invented],
      [invented, frame],
      Array.from({ length: 50 }, () => frame),
    ]);
  }
}

interface Place {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}
