import type { StartedDownload } from "../lib/files/start-download.ts";

/** What was saved on this device, where the system's own screens do not show it. */
export interface SavedFile {
  readonly name: string;
  /** With another app of this device. */
  open(): Promise<void>;
  /** The system asks with whom, or with which app. */
  share(): Promise<void>;
}

/** What the system's question says, in the person's language. */
export interface GuardWords {
  readonly title: string;
  readonly cancel: string;
}

/** The key store of a device, which gives back what it keeps only to a face or a finger that it recognises. */
export interface GuardStore {
  /** Replaces what was kept. undefined: the person put the question away, and nothing is kept. Throws GuardError. */
  keep(secret: string, words: GuardWords): Promise<true | undefined>;
  /** undefined: the person put the question away. Throws GuardError. */
  take(words: GuardWords): Promise<string | undefined>;
  drop(): Promise<void>;
}

/** What both builds have ([Note: The app and the web]). */
export interface Platform {
  /** Whether these pages came with an app, and not from a server. */
  readonly isApp: boolean;
  /** Before anything else runs: what the page may do from now on. */
  preparePage(): void;
  /** Once, when the program runs: what surrounds it. */
  prepareScreen(): Promise<void>;
  /** The system's bars lie over the page: what is in them has to be seen. */
  paintBars(isDark: boolean): void;

  /** undefined: this device has none, or nobody has taught it a face or a finger. */
  guardStore(): Promise<GuardStore | undefined>;

  /** The address of the server; undefined: nobody has chosen one yet. */
  chosenServer(): string | undefined;
  /** Remembers it on this device. The page has to be loaded anew: only then it may speak to that server, and to no other. */
  chooseServer(address: string): void;
  forgetServer(): void;

  /** Begins a file on this device, to be filled through the port; of what is made while it comes the size is not known. */
  startSaving(fileName: string, sizeBytes: number | undefined): Promise<StartedDownload>;
  /** A small text, as a file. */
  saveText(fileName: string, content: string): Promise<void>;
  /** Told of each file that is whole, where the system's own screens do not. */
  onSaved(listener: (file: SavedFile) => void): () => void;
}
