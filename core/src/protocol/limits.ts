/** Limits both sides know. Sizes in bytes, times in milliseconds. A server refuses what is above them; a client never asks for it. */

const KiB = 1024;
const MiB = 1024 * KiB;

export const LIMITS = {
  /** JSON bodies other than commits and sign-up. */
  jsonBodyBytes: 256 * KiB,
  /** Depth of nesting a JSON body may have. */
  jsonDepth: 16,
  /** A sign-up carries two slots, a keyring, an identity and the first commit. */
  signUpBodyBytes: 1 * MiB,
  /** One commit record: 100 000 changes of 59 bytes and 1 000 000 objects of 18 bytes fit. */
  commitBytes: 25 * MiB,
  commitPages: 100_000,
  commitObjects: 1_000_000,
  /** A page: up to 1 MiB of plaintext at bitsLength 16, padded and sealed, and its header. */
  pageRecordBytes: 1_200 * KiB,
  /** One request that carries pages before their commit. */
  pagesBodyBytes: 8 * MiB,
  /** Pages asked for at once. */
  pagesFetch: 256,
  keyringBytes: 4 * MiB,
  slotBytes: 4 * KiB,
  identityBytes: 2 * KiB,
  manifestBytes: 1 * MiB,
  envelopeBytes: 2 * KiB,
  deviceNameBytes: 64,
  /** Upload unit: 16 segments of 256 KiB; part 0 also carries the 106-byte header. */
  partBytes: 4 * MiB,
  partBodyBytes: 4 * MiB + 106,
  /** Objects up to this ciphertext length may travel in batches; larger ones go in parts. */
  batchObjectBytes: 1 * MiB,
  batchBodyBytes: 8 * MiB,
  batchObjects: 1_024,
  /** Objects asked for at once, and the ciphertext they may hold together. */
  fetchObjects: 1_024,
  fetchBytes: 16 * MiB,
  /** Commits in one answer. */
  commitsPage: 200,
  commitsPageBytes: 4 * MiB,
  /** Pending volumes that one commit makes permanent, or volumes that it ends. */
  mountsAtOnce: 100,
  /** Pending volumes of one account. */
  pendingVolumesPerUser: 200,
  /** A pending volume without a commit goes after this long. */
  pendingVolumeMs: 7 * 86_400_000,
  /** Links that lead into one volume. */
  linksPerVolume: 200,
  linkRecordBytes: 4 * KiB,
  /** linkId16 ‖ Ed25519 key32 ‖ X-Wing key1216. */
  linkIdentityBytes: 1_264,
  /** A visitor's session ends after this long without use, and so much later in any case. */
  linkSessionIdleMs: 24 * 3_600_000,
  linkSessionMs: 7 * 86_400_000,
  /** A use that was begun and not completed is given back after this long. */
  linkReservationMs: 24 * 3_600_000,
  /** Entries of a link's access log; the oldest go. */
  linkLogEntries: 500,
  /** Names that an account may ask for in a minute. */
  lookUpsPerMinute: 60,
  /** Upload requests of one account, open or closed. */
  requestsPerUser: 200,
  /** Title and text of an upload request, sealed. */
  requestTextBytes: 8 * KiB,
  /** What a sender says of one item, sealed. */
  requestItemBytes: 16 * KiB,
  /** Items that one upload request may take in all, whatever its owner allows. */
  requestItems: 10_000,
  /** Items posted, settled or listed at once. */
  requestItemsAtOnce: 256,
  requestItemsBodyBytes: 6 * MiB,
  /** Senders of one upload request that are remembered; whoever sent nothing makes room first. */
  sendersPerRequest: 1_000,
  /** Unfinished uploads into one upload request, and of one sender. */
  uploadsPerRequest: 256,
  uploadsPerSender: 32,
  /** What a sender began and did not finish is forgotten after this long. */
  requestUploadMs: 7 * 86_400_000,
  /** A sender's session ends after this long without use. */
  senderIdleMs: 30 * 86_400_000,
  sessionsPerUser: 100,
  uploadsPerUser: 256,
  /** A signed request is good for this long around the server's clock. */
  clockSkewMs: 60_000,
  /** Nonces of writes are remembered this long. */
  nonceMs: 5 * 60_000,
  idempotencyMs: 24 * 3_600_000,
  loginMs: 2 * 60_000,
  ticketMs: 30_000,
  /** A commit's time may be this far after the server's clock. */
  commitAheadMs: 10 * 60_000,
  /** Sessions end after this long without use. */
  sessionIdleWebMs: 30 * 86_400_000,
  sessionIdleDeviceMs: 180 * 86_400_000,
  /** Changing credentials asks for a sign-in at most this old. */
  recentSignInMs: 10 * 60_000,
} as const;
