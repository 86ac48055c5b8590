import type { Kind } from "./kinds.ts";

function publicUrlOf(text: string): string | undefined {
  const url = URL.parse(text.trim());
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
  // The path is part of what clients sign, so it may hold only what nobody in between writes in another way.
  return isPlain && /^[A-Za-z0-9\-_./]*$/.test(url.pathname) ? url.href.replace(/\/+$/, "") : undefined;
}

/** Where people reach a server: scheme, name and perhaps a path, as a proxy has it. */
export function publicUrl(): Kind<string> {
  return {
    allowed: "an address as https://drive.example.org, without «?» and «#»",
    placeholder: "url",
    fromText: publicUrlOf,
    fromToml: (value) => (typeof value === "string" ? publicUrlOf(value) : undefined),
    toToml: (value) => JSON.stringify(value),
  };
}

function postgresUrlOf(text: string): string | undefined {
  const url = URL.parse(text.trim());
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) ? text.trim() : undefined;
}

const MASK = "***";

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password) url.password = MASK;
  for (const name of [...url.searchParams.keys()]) if (/pass/i.test(name)) url.searchParams.set(name, MASK);
  return url.href;
}

/** PostgreSQL's address, which may hold a password. */
export function postgresUrl(): Kind<string> {
  return {
    allowed: "an address as postgres://user:password@host/name",
    placeholder: "url",
    fromText: postgresUrlOf,
    fromToml: (value) => (typeof value === "string" ? postgresUrlOf(value) : undefined),
    toToml: (value) => JSON.stringify(value),
    masked: withoutPassword,
  };
}
