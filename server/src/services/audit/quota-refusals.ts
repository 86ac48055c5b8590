import { Refusal } from "../../refusal.ts";
import type { Objects } from "../objects/index.ts";
import type { Uploads } from "../uploads/index.ts";
import type { Volumes } from "../volumes/index.ts";
import type { AuditLog } from "./audit-log.ts";

const QUOTA = "quota_exceeded";

/**
 * The same services, whose refusals for want of quota are counted in the audit log. A refusal leaves no transaction in
 * which the service itself could write it down.
 */
export function auditQuotaRefusals<S extends { objects: Objects; uploads: Uploads; volumes: Volumes }>(
  services: S,
  audit: AuditLog,
): S {
  const { objects, uploads, volumes } = services;
  const refused = (actor: Uint8Array) => audit.count({ actor, action: "quota-exceeded" });

  async function watched<T>(userId: Uint8Array, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal && error.code === QUOTA) await refused(userId);
      throw error;
    }
  }

  return {
    ...services,
    uploads: {
      ...uploads,
      createUpload: (upload, transact) =>
        watched(upload.payerId ?? upload.userId, async () => uploads.createUpload(upload, transact)),
    } satisfies Uploads,
    volumes: {
      ...volumes,
      putPages: (pages, transact) => watched(pages.userId, async () => volumes.putPages(pages, transact)),
    } satisfies Volumes,
    objects: {
      ...objects,
      storeBatch: async (batch) => {
        const fates = await objects.storeBatch(batch);
        if (fates.some(({ code }) => code === QUOTA)) await refused(batch.payerId ?? batch.userId);
        return fates;
      },
    } satisfies Objects,
  };
}
