import { API_PREFIX, PATH_PATTERN, QUERY_PATTERN, type Route } from "@excalibur/core/protocol";
import { ServerAddressError } from "./errors.ts";

/** Where a server lives: `https://host[:port]` and the path its reverse proxy gave it, if any. */
export interface ServerAddress {
  /** `scheme://host[:port]`, lower case, without a default port. */
  readonly origin: string;
  /** "" or "/some/path", without a slash at the end. */
  readonly prefix: string;
}

/** Reads what a person typed or an invitation said. Query and fragment are not part of it. Throws ServerAddressError. */
export function parseServerAddress(text: string): ServerAddress {
  const trimmed = text.trim();
  const url = URL.parse(trimmed.includes("://") ? trimmed : `https://${trimmed}`);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:") || url.hostname === "") {
    throw new ServerAddressError("That is not the address of a server. It looks like https://files.example.org.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new ServerAddressError("The address of a server holds no name and no password.");
  }
  const prefix = url.pathname.replace(/\/+$/, "");
  if (prefix !== "" && !PATH_PATTERN.test(prefix)) {
    throw new ServerAddressError("The path of the server's address has a character that cannot be signed.");
  }
  return { origin: url.origin, prefix };
}

export function addressText({ origin, prefix }: ServerAddress): string {
  return origin + prefix;
}

/** Path and query of a call. Values may only hold what nobody in between re-encodes; anything else is a mistake of ours. */
export function routeTarget(
  route: Route,
  prefix: string,
  values: {
    readonly params?: Readonly<Record<string, unknown>> | undefined;
    readonly query?: Readonly<Record<string, unknown>> | undefined;
  },
): { path: string; query: string } {
  const path =
    prefix +
    API_PREFIX +
    route.path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => segment(values.params?.[name], name));
  const query = Object.entries(values.query ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${segment(value, name)}`)
    .join("&");
  if (!PATH_PATTERN.test(path) || !QUERY_PATTERN.test(query))
    throw new TypeError(`The call ${route.id} has a value that cannot be signed.`);
  return { path, query };
}

function segment(value: unknown, name: string): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  if (!/^[A-Za-z0-9\-_]+$/.test(text)) throw new TypeError(`The value of ${name} cannot stand in an address.`);
  return text;
}
