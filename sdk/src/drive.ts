import type { AccountSession } from "./account/index.ts";
import { Downloader } from "./download/index.ts";
import { Files } from "./files/index.ts";
import { Claims, Links } from "./links/index.ts";
import { MountedVolumes } from "./mounts/index.ts";
import type { Ports } from "./ports/index.ts";
import { Repair } from "./repair/index.ts";
import { Requests } from "./requests/index.ts";
import { SealedRows } from "./sealed-rows.ts";
import { DriveSearch } from "./search/index.ts";
import { Sharing } from "./sharing/index.ts";
import { Stars, starFollower } from "./stars/index.ts";
import { type SealedNotes, Uploader } from "./upload/index.ts";
import { type OpenVolumeOptions, openVolume, type Volume } from "./volumes/index.ts";

/** The account's home volume, open, with what is mounted in it: its tree, and files on their way in and out. */
export interface Drive {
  readonly volume: Volume;
  /** The home volume and what is mounted in it. */
  readonly volumes: MountedVolumes;
  readonly sharing: Sharing;
  readonly links: Links;
  /** Invitations for people without an account. */
  readonly claims: Claims;
  readonly files: Files;
  readonly uploads: Uploader;
  readonly downloads: Downloader;
  readonly repair: Repair;
  readonly requests: Requests;
  readonly search: DriveSearch;
  readonly stars: Stars;
  /** What a client wants to remember on this device: sealed, and named by keyed hashes. */
  readonly notes: SealedNotes;
  /** Waits for changes under way. */
  close(): Promise<void>;
}

/** What the home volume is opened with. */
export async function volumeOptions(session: AccountSession, { cache, logger }: Ports): Promise<OpenVolumeOptions> {
  const { transport } = session.api;
  return {
    volumeId: session.homeVolumeId,
    transport,
    cache,
    logger,
    member: await session.member(),
    serverNowMs: () => transport.nowMs(),
  };
}

/**
 * Opens the home volume at the head this device accepted last, or verifies it from the start, and follows what is new.
 * Throws RollbackError, ForkError, CommitError, ManifestError, VolumeKeyError, NetworkError, SessionEndedError.
 */
export async function openDrive(
  session: AccountSession,
  ports: Ports,
  options: { readonly signal?: AbortSignal; readonly fromMemory?: boolean } = {},
): Promise<Drive> {
  const { transport } = session.api;
  const { cache, logger, sealer, clock } = ports;
  const nowMs = () => transport.nowMs();
  const opening = await volumeOptions(session, ports);
  const { fromMemory = false } = options;
  const volume = await openVolume({ ...opening, ...options });
  const notes = new SealedRows(cache, session);
  const volumes = new MountedVolumes({
    home: volume,
    open: (volumeId, memory) => openVolume({ ...opening, ...memory, volumeId, isMounted: true }),
    memory: fromMemory ? notes : undefined,
    accepted: () => session.volumeIds,
    onProblem: (error) => logger.debug("a shared folder did not open", { error: (error as Error).name }),
  });
  const deviceNowMs = () => clock.nowMs();
  const follower = starFollower(() => stars);
  const files = new Files({ volumes, subjectId: session.userId, nowMs, deviceNowMs, notes, follower });
  const downloads = new Downloader({ transport, sealer, clock, logger, notes });
  const search = new DriveSearch({ volumes, notes, clock });
  const stars = new Stars({
    volumeId: volume.volumeId,
    settings: session.settings,
    gone: (some, starring) => search.gone(some, starring),
  });
  const sharing = new Sharing({ account: session, transport, volumes, files, follower, nowMs });
  return {
    volume,
    volumes,
    sharing,
    links: new Links({ account: session, transport, volumes, sharing, nowMs }),
    claims: new Claims({ account: session, transport, volumes, sharing, ports }),
    files,
    uploads: new Uploader({ transport, files, sealer, notes, logger, reader: downloads }),
    downloads,
    notes,
    search,
    stars,
    requests: new Requests({ account: session, transport, files, downloads, nowMs }),
    repair: new Repair({ volumes, downloads, subjectId: session.userId, nowMs }),
    close: () => {
      search.close();
      return volumes.close();
    },
  };
}
