/** Links: making and changing them, visitors' sessions, and counting what is used. */

import type { LiveSession } from "../../auth/session.ts";
import { KeyedLock } from "../keyed-lock.ts";
import type { Transact } from "../transact.ts";
import { claimLink, listOwnClaims } from "./claims.ts";
import type { LinksRoom } from "./links-room.ts";
import { changeLink, createLink, listLinks, readLinkLog } from "./make-link.ts";
import { findSession } from "./sessions.ts";
import { LinkUses } from "./uses.ts";
import { knock, open } from "./visit.ts";

export type { SentContent } from "./uses.ts";

export type Links = ReturnType<typeof createLinks>;

export function createLinks(ports: Omit<LinksRoom, "locks">) {
  const room: LinksRoom = { ...ports, locks: new KeyedLock() };
  const uses = new LinkUses(room);
  return {
    createLink: (link: Parameters<typeof createLink>[1], transact: Transact) => createLink(room, link, transact),
    listLinks: (userId: Uint8Array) => listLinks(room, userId),
    changeLink: (change: Parameters<typeof changeLink>[1], transact: Transact) => changeLink(room, change, transact),
    readLinkLog: (caller: Parameters<typeof readLinkLog>[1]) => readLinkLog(room, caller),
    claimLink: (claim: Parameters<typeof claimLink>[1], transact: Transact) => claimLink(room, claim, transact),
    listClaims: (userId: Uint8Array) => listOwnClaims(room, userId),
    knock: (visitor: Parameters<typeof knock>[1]) => knock(room, visitor),
    open: (opening: Parameters<typeof open>[1]) => open(room, opening),
    findSession: (sessionId: Uint8Array): Promise<LiveSession | undefined> => findSession(room, sessionId),
    uses,
    close: () => uses.close(),
  };
}
