import type { Database } from "../../db/index.ts";
import { type AuditEntry, countAudit, insertAudit } from "../../db/stores/audit.ts";

export interface AuditLogPorts {
  readonly database: Database;
  readonly clock: () => number;
  /** Told of what could not be written down: the act itself has happened or was refused all the same. */
  readonly report: (error: unknown) => void;
}

/**
 * What happened that has no transaction of its own to be written down in: refusals, and the server's own coming and going.
 * Everything else is written in the transaction of its effect (db/stores/audit.ts).
 */
export interface AuditLog {
  /** One entry an hour for each action, actor and subject. Never throws. */
  count(entry: Omit<AuditEntry, "atMs">): Promise<void>;
  begin(): Promise<void>;
  close(): Promise<void>;
}

export function createAuditLog({ database, clock, report }: AuditLogPorts): AuditLog {
  const note = (action: "server-started" | "server-stopped") =>
    database.write((tx) => insertAudit(tx, { atMs: clock(), actor: "server", action }));
  return {
    count: async (entry) => {
      try {
        await database.write((tx) => countAudit(tx, { ...entry, atMs: clock() }));
      } catch (error) {
        report(error);
      }
    },
    begin: () => note("server-started"),
    close: () => note("server-stopped").catch(report),
  };
}
