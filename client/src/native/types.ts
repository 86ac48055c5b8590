/** What both builds have ([Note: The app and the web]). */
export interface Platform {
  /** Whether these pages came with an app, and not from a server. */
  readonly isApp: boolean;
  /** Before anything else runs: what the page may do from now on. */
  preparePage(): void;
  /** The address of the server; undefined: nobody has chosen one yet. */
  chosenServer(): string | undefined;
  /** Remembers it on this device. The page has to be loaded anew: only then it may speak to that server, and to no other. */
  chooseServer(address: string): void;
  forgetServer(): void;
}
