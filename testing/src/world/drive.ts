import type { AccountSession } from "@excalibur/sdk/account";
import { Downloader } from "@excalibur/sdk/download";
import { Files } from "@excalibur/sdk/files";
import { Uploader } from "@excalibur/sdk/upload";
import { openVolume, type Volume } from "@excalibur/sdk/volumes";
import type { DevicePorts } from "./device-ports.ts";
import { sealedNotes } from "./sealed-notes.ts";

/** The home volume of an open account, with everything that works on it. */
export interface Drive {
  readonly volume: Volume;
  readonly files: Files;
  readonly uploader: Uploader;
  readonly downloader: Downloader;
}

/** Puts the rooms of the sdk together, as a program does. */
export async function openDrive(account: AccountSession, ports: DevicePorts): Promise<Drive> {
  const { transport } = account.api;
  const { cache, logger, sealer, clock } = ports;
  const member = await account.member();
  const volume = await openVolume({
    volumeId: account.homeVolumeId,
    ...{ transport, cache, logger, member },
    serverNowMs: () => transport.nowMs(),
  });
  const files = new Files({ volume, subjectId: member.subjectId, nowMs: () => clock.nowMs() });
  const notes = sealedNotes(account, cache);
  return {
    volume,
    files,
    uploader: new Uploader({ transport, files, sealer, notes, logger }),
    downloader: new Downloader({ transport, sealer, clock, logger }),
  };
}
