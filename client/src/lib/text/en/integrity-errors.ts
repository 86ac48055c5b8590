const otherFile =
  "The server gave back something else than what was stored. Nothing of it is kept but a beginning that was verified; keep other copies, try again, and tell whoever runs the server.";

/** What a server that lies, has lost something, or was set back comes to: nothing of it was used. */
export const integrityErrors = {
  rollback:
    "The server shows an older state of the drive than this browser has seen. Nothing of it was taken, and nothing was deleted: it may have been restored from a backup. Ask whoever runs it.",
  fork: "The server shows another history of the drive than this browser has seen. Nothing of it was taken; both are kept as evidence. Ask whoever runs it.",
  volume_damaged:
    "The server's answer about this drive contradicts what you signed. Nothing of it was taken or changed; tell whoever runs it.",
  folder_damaged: "The listing of this folder contradicts itself, so it is not shown. Everything else is fine.",
  page_damaged:
    "A part of this folder is damaged or was exchanged, so it is not shown. Everything else is fine; tell whoever runs the server.",
  object_missing:
    "The server does not have this file's contents although the drive lists it. Nothing was deleted here; keep any other copy, try again, and tell whoever runs the server.",
  exef_header_altered: otherFile,
  exef_segment_altered: otherFile,
  exef_truncated: otherFile,
  exef_excess_bytes: otherFile,
  exef_padding: otherFile,
  exef_object_mismatch: otherFile,
  proof_wrong: otherFile,
} as const;
