import { ERROR_CODES, type ErrorCode, RAW, type Route } from "@excalibur/core/protocol";

const ALWAYS: readonly ErrorCode[] = [
  "bad_request",
  "too_slow",
  "rate_limited",
  "internal",
  "unavailable",
  "shutting_down",
];
const WITH_BODY: readonly ErrorCode[] = ["body_too_large", "unsupported_media_type"];
const SIGNED: readonly ErrorCode[] = [
  ...(["signature_required", "signature_invalid", "session_ended", "clock_skew"] as const),
  // Whoever has no account, but sends into an upload request or came by a link, gets no further.
  ...(["account_disabled", "forbidden"] as const),
];
const WRITES: readonly ErrorCode[] = ["replayed", "idempotency_conflict"];

/** Every code that the route can answer with: those of its kind (docs/spec/wire.md §1) and its own. */
export function errorsOf({ kind, method, body, errors = [] }: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...ALWAYS,
    // A body where none belongs is looked at before it is refused; with GET there can be none.
    ...(method === "GET" ? [] : WITH_BODY),
    ...(kind === "open" ? [] : SIGNED),
    ...(kind === "write" ? WRITES : []),
    ...((kind === "write" || kind === "query") && body !== undefined ? (["content_mismatch"] as const) : []),
    ...errors,
  ]);
  return [...codes];
}

export function byStatus(codes: readonly ErrorCode[]): [status: string, codes: ErrorCode[]][] {
  const grouped = new Map<string, ErrorCode[]>();
  for (const code of codes) {
    const status = String(ERROR_CODES[code][0]);
    grouped.set(status, [...(grouped.get(status) ?? []), code]);
  }
  return [...grouped].sort(([a], [b]) => Number(a) - Number(b));
}

export function isRaw(body: Route["body"] | Route["reply"]): boolean {
  return body === RAW;
}
