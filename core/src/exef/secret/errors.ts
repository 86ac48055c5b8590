import { ExcaliburError, IntegrityError, WeakKeyError } from "../../bytes/index.ts";

/** The header's tag is wrong: another key, another place (context), or an altered header. No segment was opened. */
export class HeaderAuthError extends IntegrityError {
  constructor() {
    super("The object's header does not fit its key and its place: it was altered or swapped. Nothing was opened.", {
      code: "exef_header_altered",
    });
  }
}

/** A segment was altered, moved or exchanged. What came before it was verified and is good; nothing after it is released. */
export class SegmentAuthError extends IntegrityError {
  readonly segment: number;

  constructor(segment: number, cause?: unknown) {
    super(`Segment ${segment} of the object was altered. Everything before it is verified and good.`, {
      code: "exef_segment_altered",
      details: { segment },
      cause,
    });
    this.segment = segment;
  }
}

/** The object ends inside (or before) this segment. What came before it is good. A cut transfer may be tried again. */
export class TruncatedError extends IntegrityError {
  readonly segment: number;

  constructor(segment: number) {
    super(`The object ends early, in segment ${segment}. Everything before it is verified and good.`, {
      code: "exef_truncated",
      details: { segment },
    });
    this.segment = segment;
  }
}

/** Bytes follow the object's last segment. */
export class ExcessBytesError extends IntegrityError {
  constructor() {
    super("There are bytes after the end of the object.", { code: "exef_excess_bytes" });
  }
}

/** The length inside, the total length and the padding do not fit each other. */
export class PaddingError extends IntegrityError {
  constructor(what: string) {
    super(`The object's padding is wrong: ${what}.`, { code: "exef_padding" });
  }
}

/** A good object, but not the expected one: kind, id, size, length or root differ. `details.what` names it. */
export class ObjectMismatchError extends IntegrityError {
  constructor(what: "kind" | "objectId" | "size" | "length" | "root") {
    super(`The object is not the one that was asked for: its ${what} differs.`, {
      code: "exef_object_mismatch",
      details: { what },
    });
  }
}

/** A key of zeros: a defect or an attack, never an accident of chance. */
export class KeyWeakError extends WeakKeyError {
  constructor() {
    super("The object's key is all zero. It is used neither to seal nor to open.");
  }
}

/** The data to seal became shorter or longer while it was read. Nothing wrong was stored; start again with a new object. */
export class SourceChangedError extends ExcaliburError {
  constructor(announced: number) {
    super(
      "source_changed",
      `The file changed while it was read: it no longer has ${announced} bytes. Nothing was replaced; try again.`,
      { details: { announced } },
    );
  }
}
