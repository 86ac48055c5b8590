import { isIP } from "node:net";
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

function networkOf(text: string): string | undefined {
  const given = text.trim();
  if (given === "loopback") return given;
  const [address = "", length, ...rest] = given.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || given.includes("%")) return undefined;
  if (length === undefined) return given;
  // Never everybody: then anybody could choose whom limits count.
  const isLength = /^\d{1,3}$/.test(length) && Number(length) >= 1 && Number(length) <= (version === 4 ? 32 : 128);
  return isLength ? given : undefined;
}

/** Machines that are trusted, by address. */
export function network(): Kind<string> {
  return {
    allowed: "an address, a network as 10.0.0.0/8, or loopback (this machine)",
    placeholder: "network",
    fromText: networkOf,
    fromToml: (value) => (typeof value === "string" ? networkOf(value) : undefined),
    toToml: (value) => JSON.stringify(value),
  };
}
