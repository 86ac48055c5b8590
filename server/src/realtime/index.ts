/** Sockets of this process and what is told to them. */

export type { Announcement, AnnouncementListener, Announcer } from "./announcer.ts";
export { inProcessAnnouncer } from "./announcer.ts";
export type { LiveSocket } from "./connections.ts";
export { CLOSE, Connections } from "./connections.ts";
export type { IssuedTicket, TicketHolder } from "./tickets.ts";
export { Tickets } from "./tickets.ts";
