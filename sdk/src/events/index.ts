/** Announcements of the server: something changed, look at it. */

export type { EventsApi } from "./api.ts";
export { eventsApi } from "./api.ts";
export type { EventsOptions } from "./events.ts";
export { RemoteEvents } from "./events.ts";
export type { RemoteEvent, RemoteEventListener } from "./types.ts";
