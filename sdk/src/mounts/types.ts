import type { Mount, Volume } from "../volumes/index.ts";

/** A folder of a volume. */
export interface Place {
  readonly volume: Volume;
  readonly nodeId: Uint8Array;
}

/** An entry that leads into another volume, and where it stands. */
export interface MountEntry extends Mount {
  readonly outer: Volume;
  readonly parentId: Uint8Array;
  readonly childId: Uint8Array;
}

/** With what its entry calls it. */
export interface NamedMount extends MountEntry {
  readonly name: string;
}
