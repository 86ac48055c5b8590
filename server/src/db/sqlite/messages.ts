/** What travels between the event loop and a database thread. Rows and parameters are structured-cloned. */

export type SqliteValue = string | number | bigint | null | Uint8Array;

export interface SqliteThreadOptions {
  readonly path: string;
  readonly readOnly: boolean;
  readonly busyTimeoutMs: number;
}

export type SqliteRequest =
  | { readonly kind: "open"; readonly id: number }
  | {
      readonly kind: "run";
      readonly id: number;
      /** Connections are opened when first named. The writing thread has one, number 0. */
      readonly connection: number;
      readonly sql: string;
      readonly parameters: readonly SqliteValue[];
    }
  | { readonly kind: "close"; readonly id: number };

export interface SqliteFailure {
  readonly message: string;
  readonly code: string | undefined;
  /** SQLite's extended result code. */
  readonly resultCode: number | undefined;
}

export type SqliteReply =
  | { readonly id: number; readonly rows: readonly unknown[]; readonly changes: number }
  | { readonly id: number; readonly failure: SqliteFailure };
