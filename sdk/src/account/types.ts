import type { SessionId, UserId, UserName, VolumeId } from "@excalibur/core/protocol";

export type ClientKind = "web" | "cli" | "app";

/** What every way in needs to know of this device. */
export interface DeviceOptions {
  /** As the person gave it: an address, with or without https://. */
  readonly server: string;
  /** Shown in the list of sessions. */
  readonly deviceName: string;
  readonly client: ClientKind;
  readonly signal?: AbortSignal | undefined;
}

export interface SignUpOptions extends Omit<DeviceOptions, "server"> {
  /** May be left out when the invitation is an address. */
  readonly server?: string | undefined;
  readonly name: string;
  readonly password: string;
  /** An invitation's address or its code. */
  readonly invite?: string | undefined;
}

export interface SignInOptions extends DeviceOptions {
  readonly name: string;
  readonly password: string;
  /**
   * After RollbackError or ForkError of the keyring, and only when the person says that the server was restored from a
   * backup: merge what it offers with what this device remembers, and write that.
   */
  readonly mergeKeyring?: boolean;
}

export interface RecoverOptions extends DeviceOptions {
  readonly name: string;
  /** Twelve words, as typed. */
  readonly words: string;
  readonly newPassword: string;
}

export interface WhoAmI {
  readonly name: UserName;
  readonly userId: UserId;
  readonly server: string;
  readonly homeVolumeId: VolumeId;
  /** 60 digits that others compare. */
  readonly fingerprint: string;
}

/** What the server says, when it can be asked. */
export interface ServerStatus {
  readonly version: string;
  readonly admin: boolean;
  readonly usedBytes: number;
  /** null: no limit. */
  readonly quotaBytes: number | null;
  readonly keyringVersion: number;
  readonly sessions: readonly SessionStatus[];
}

/** What counts against the quota, as the server tells it apart. */
export interface AccountStorage {
  /** Everything. */
  readonly usedBytes: number;
  /** null: no limit. */
  readonly quotaBytes: number | null;
  /** Deleted for good and still kept, so that a rewind can bring it back. */
  readonly deletedBytes: number;
  /** When the first of it becomes free; null: there is none. */
  readonly nextFreeMs: number | null;
  /** Reserved for uploads that are not complete. */
  readonly unfinishedBytes: number;
  /** How long the server keeps what was deleted. */
  readonly retentionMs: number;
}

export interface SessionStatus {
  readonly sessionId: SessionId;
  readonly deviceName: string;
  readonly client: string;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  readonly current: boolean;
}

export interface AccountStatus extends WhoAmI {
  /** Where the platform keeps the secret that opens this account without a password. */
  readonly secretStore: string;
  /** Of the keyring this device accepted last. */
  readonly keyringVersion: number;
  /** Server's clock minus this device's, as far as known. */
  readonly clockOffsetMs: number;
  /** undefined: the server cannot be reached or the session has ended; `problem` says which. */
  readonly remote: ServerStatus | undefined;
  readonly problem: Error | undefined;
}

export interface SignedOut {
  /** false: the server could not be reached; the session's key is gone all the same, so nobody can use it. */
  readonly sessionEnded: boolean;
}
