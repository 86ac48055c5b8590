import type { RequestItem, RequestWish } from "../../lib/session/index.ts";

const GIGABYTE = 1_000_000_000;
const DAY_MS = 86_400_000;

export const EXPIRIES = ["never", "day", "week", "month", "year"] as const;
export type Expiry = (typeof EXPIRIES)[number] | "keep";

const DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;

/** As it is typed. */
export interface RequestForm {
  readonly title: string;
  readonly text: string;
  readonly owner: string;
  readonly expiry: Expiry;
  readonly maxBytes: string;
  readonly maxFileBytes: string;
  readonly maxItems: string;
  readonly types: string;
}

/** A holiday's photographs, and no disk filled by strangers. */
const NEW: RequestForm = {
  ...{ title: "", text: "", owner: "", expiry: "month" },
  ...{ maxBytes: "10", maxFileBytes: "", maxItems: "1000", types: "" },
};

export function formOf(request: RequestItem | undefined, owner: string): RequestForm {
  if (request === undefined) return { ...NEW, owner };
  const { title, text, types, maxBytes, maxFileBytes, maxItems, expiresMs } = request;
  // An object as large as all of it holds a file that is a little smaller: that is no limit of its own.
  const isLimited = maxFileBytes < maxBytes * 0.85;
  return {
    ...{ title, text, owner: request.owner, types: types.join(", ") },
    expiry: expiresMs === null ? "never" : "keep",
    maxBytes: gigabytes(maxBytes),
    maxFileBytes: isLimited ? gigabytes(maxFileBytes) : "",
    maxItems: String(maxItems),
  };
}

/** A size or a count that is no number above zero. */
export class NotNumberError extends Error {
  readonly code = "not_number";
}

/** Throws NotNumberError. */
export function wishOf(
  form: RequestForm,
  { nowMs, expiresMs }: { readonly nowMs: number; readonly expiresMs: number | null },
): RequestWish {
  const { title, text, owner, expiry } = form;
  const maxFileBytes = form.maxFileBytes.trim() === "" ? undefined : bytesOf(form.maxFileBytes);
  return {
    ...{ title: title.trim(), text: text.trim(), owner: owner.trim(), maxFileBytes },
    types: form.types.split(/[\s,;]+/).filter((type) => type !== ""),
    maxBytes: bytesOf(form.maxBytes),
    maxItems: Math.floor(numberOf(form.maxItems)),
    expiresMs: expiry === "keep" ? expiresMs : expiry === "never" ? null : nowMs + DAYS[expiry] * DAY_MS,
  };
}

function bytesOf(typed: string): number {
  return Math.floor(numberOf(typed) * GIGABYTE);
}

/** With a point or a comma before the decimals. */
function numberOf(typed: string): number {
  const value = Number(typed.trim().replace(",", "."));
  if (!Number.isFinite(value) || value <= 0) throw new NotNumberError();
  return value;
}

function gigabytes(sizeBytes: number): string {
  return String(Math.round((sizeBytes / GIGABYTE) * 1_000_000) / 1_000_000);
}
