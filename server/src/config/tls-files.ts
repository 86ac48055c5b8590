import { join } from "node:path";

/** The folder tls/ in the data folder, for its owner only. */
export interface TlsFiles {
  readonly folder: string;
  readonly authority: string;
  readonly authorityKey: string;
  /** Certificate and key in one, so that they are replaced together. */
  readonly server: string;
}

export function tlsFilesIn(dataFolder: string): TlsFiles {
  const folder = join(dataFolder, "tls");
  return {
    folder,
    authority: join(folder, "authority.crt"),
    authorityKey: join(folder, "authority.key"),
    server: join(folder, "server.pem"),
  };
}
