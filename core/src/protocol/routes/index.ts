import * as auth from "./auth.ts";
import * as links from "./links.ts";
import * as objects from "./objects.ts";
import * as realtime from "./realtime.ts";
import * as requests from "./requests.ts";
import * as sharing from "./sharing.ts";
import * as volumes from "./volumes.ts";
import * as wellKnown from "./well-known.ts";

export * from "./auth.ts";
export * from "./links.ts";
export * from "./objects.ts";
export * from "./realtime.ts";
export * from "./requests.ts";
export * from "./sharing.ts";
export * from "./volumes.ts";
export * from "./well-known.ts";

import type { Route } from "../route.ts";

function isRoute(value: unknown): value is Route {
  return typeof value === "object" && value !== null && "method" in value && "path" in value && "kind" in value;
}

/** Every route there is. The server refuses to start when one of them has no policy or no handler. */
export const ROUTES: readonly Route[] = [wellKnown, auth, volumes, sharing, links, objects, requests, realtime].flatMap(
  (room) => Object.values(room).filter(isRoute),
);
