import { HEADER, type Route } from "@excalibur/core/protocol";
import type { TestCall, TestSession } from "../test-session.ts";
import type { AccessWorld } from "./access-world.ts";
import type { Caller } from "./expected-access.ts";

export interface PreparedCall {
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Record<string, string> };
}

function prepared(session: TestSession, route: Route, call: TestCall): PreparedCall {
  const { url, init } = session.prepare(route, call);
  return { url, init: { ...init, headers: { ...(init.headers as Record<string, string>) } } };
}

/** The same request as each caller would send it. */
export function callAs(world: AccessWorld, caller: Caller, route: Route, call: TestCall): PreparedCall {
  const { sessions } = world;
  if (caller !== "anonymous" && caller !== "forged") return prepared(sessions[caller], route, call);
  const request = prepared(sessions.owner, route, call);
  const { headers } = request.init;
  if (caller === "forged") {
    headers[HEADER.signature] = prepared(sessions.stranger, route, call).init.headers[HEADER.signature] as string;
  } else {
    delete headers[HEADER.signature];
    delete headers[HEADER.signatureInput];
  }
  return request;
}
