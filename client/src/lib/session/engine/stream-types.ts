/** What crosses the wall about a file that is looked at. */

export interface OpenedFile {
  /** This window's name for it, until it is closed. */
  readonly streamId: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** A question of the browser for some of the bytes, as the service worker hands it on. */
export interface StreamAsk {
  readonly streamId: string;
  /** The request's header. */
  readonly range: string | null;
  /** Answers with a `StreamHead`, then as PortSink does. */
  readonly port: MessagePort;
}

/** The beginning of an answer; only 200 and 206 have a body. */
export type StreamHead =
  | { readonly status: 404 }
  | { readonly status: 416; readonly sizeBytes: number }
  | {
      readonly status: 200 | 206;
      readonly mediaType: string;
      readonly start: number;
      readonly end: number;
      readonly sizeBytes: number;
    };
