import { toBase64Url } from "@excalibur/core/bytes";
import { ERROR_CODES, isErrorCode, matches, Problem, ROUTES } from "@excalibur/core/protocol";
import type { TSchema } from "typebox";
import type { AccessWorld, Caller } from "../access/index.ts";
import type { TestAnswer } from "../test-session.ts";
import type { ContractRoute } from "./contract.ts";

/** Of a program's inside: nothing of it is anybody's business. */
const INSIDE =
  /\bat \S+ \(|node_modules|\.[cm]?[jt]s:\d|sqlite|postgres|kysely|syntax error|relation "|fst_err|"stack"/i;
/** Where an address belongs to no route; what comes with a request may be refused before that is seen. */
const NOWHERE = new Set(["not_found", "method_not_allowed", "bad_request", "unsupported_media_type", "body_too_large"]);
/** In Alice's volume beside her, by account or by link. */
const MEMBERS: ReadonlySet<Caller> = new Set(["viewer", "editor", "manager", "link", "linkEditor"]);

export interface Marker {
  readonly what: string;
  readonly bytes: Buffer;
  /** In her volume, so that its members may have it. */
  readonly isShared: boolean;
}

/** What of Alice's no one else may be sent, as bytes and as text. */
export async function secretsOf({ alice, stored, server }: AccessWorld): Promise<Marker[]> {
  const { database } = server.running.context;
  const pages = await database.read.selectFrom("pages").selectAll().execute();
  const keyring = Buffer.from(alice.body.keyring, "base64url");
  const named: [what: string, bytes: Uint8Array, isShared?: true][] = [
    ["an object", stored.bytes, true],
    ["the keyring", keyring],
    ["the commit", alice.volume.genesis.bytes, true],
    ...alice.body.slots.map(({ sealed }): [string, Uint8Array] => ["a slot", Buffer.from(sealed, "base64url")]),
    ...pages.map(({ record }): [string, Uint8Array, true] => ["a page", record, true]),
  ];
  return named.flatMap(([what, bytes, isShared = false]) => {
    // From the middle: beginnings are headers, which may be alike.
    const at = Math.floor(bytes.length / 2);
    const text = toBase64Url(bytes);
    const middle = text.slice(text.length / 2, text.length / 2 + 40);
    return [
      { what, isShared, bytes: Buffer.from(bytes.subarray(at, at + 24)) },
      { what, isShared, bytes: Buffer.from(middle) },
    ].filter((marker) => marker.bytes.length >= 24);
  });
}

/** What is wrong with an answer; nothing if it is one that the document promises. */
export function faultOf(
  answer: TestAnswer,
  asked: { readonly contract: readonly ContractRoute[]; readonly url: string; readonly method: string },
): string | undefined {
  const { pathname } = new URL(asked.url);
  const path = pathname.startsWith("/api") ? pathname.slice(4) : pathname;
  const route = asked.contract.find((each) => each.method === asked.method && each.path.test(path));
  const type = answer.headers.get("content-type") ?? "";
  if (answer.status >= 500 && route?.id !== "getHealth" && route?.id !== "getReady") return `status ${answer.status}`;
  if (answer.status >= 400) return problemFault(answer, { type, route });
  // Below /api only: the page for people is no route.
  if (route === undefined) return pathname.startsWith("/api/") ? `${answer.status} where no route is` : undefined;
  const documented = route.responses.get(answer.status);
  if (documented === undefined) return `the status ${answer.status} is not documented`;
  if (documented.raw) return type === "application/octet-stream" ? undefined : `raw bytes as ${type}`;
  if (documented.json === undefined) return answer.bytes.length === 0 ? undefined : "content where there is none";
  if (!type.startsWith("application/json")) return `JSON as ${type}`;
  const { reply } = ROUTES.find(({ id }) => id === route.id) as { reply: TSchema };
  return matches(reply, answer.body) ? undefined : "an answer of another shape than documented";
}

function problemFault(
  { status, body, bytes }: TestAnswer,
  { type, route }: { readonly type: string; readonly route: ContractRoute | undefined },
): string | undefined {
  if (!type.startsWith("application/problem+json")) return `a refusal as ${type}`;
  if (!matches(Problem, body) || !isErrorCode(body.code)) return "a refusal of another shape than documented";
  if (body.status !== status || ERROR_CODES[body.code][0] !== status) return `${body.code} with status ${status}`;
  const inside = INSIDE.exec(Buffer.from(bytes).toString());
  if (inside !== null) return `a refusal that speaks of the program's inside: ${inside[0]}`;
  const isDocumented = route === undefined ? NOWHERE.has(body.code) : route.responses.get(status)?.codes.has(body.code);
  return isDocumented ? undefined : `${body.code} is not documented here`;
}

/** What of Alice's an answer to somebody else holds. */
export function leakOf(
  { bytes }: TestAnswer,
  { id, caller }: { readonly id: string; readonly caller: Caller },
  secrets: readonly Marker[],
): string | undefined {
  // Whoever proves Alice's password is Alice.
  if (caller === "owner" || caller === "older" || id === "signInFinish") return undefined;
  const content = Buffer.from(bytes);
  const found = secrets.find(({ isShared, bytes }) => !(isShared && MEMBERS.has(caller)) && content.includes(bytes));
  return found && `${found.what} of Alice's`;
}
