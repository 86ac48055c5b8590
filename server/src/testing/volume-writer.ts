import { type Bytes, toBase64Url } from "@excalibur/core/bytes";
import { EXEF_KIND } from "@excalibur/core/exef/public";
import { ENVELOPE_LENGTH, encodeEnvelope, encodeEnvelopeHeader } from "@excalibur/core/identity";
import { KEM_ENCAPSULATION_LENGTH, randomBytes } from "@excalibur/core/primitives";
import type { NewVolume, VolumeId } from "@excalibur/core/protocol";
import {
  COMMIT_KINDS,
  type Commit,
  type CommitFields,
  commitToVolumeKey,
  decodeCommit,
  decodeManifest,
  encodePageHeader,
  encodePageRecord,
  type Manifest,
  type ManifestFields,
  type PageHeader,
  type PageRange,
  type PageRef,
  pageRecordHash,
  previousRecordHashOf,
  ROLES,
  type Role,
  StateTree,
  signCommit,
  signManifest,
  volumeIdOf,
  WHOLE_FOLDER,
} from "@excalibur/core/volume/record";
import { opaqueBytes } from "./opaque-object.ts";
import type { TestPerson } from "./people.ts";

const zero32 = new Uint8Array(32);

/** What a member signs with: of a person, or of a link. */
export interface MemberKeys {
  readonly userId: Bytes;
  readonly signatureSeed: Bytes;
  readonly identity: { readonly fingerprint: Uint8Array };
}

export interface WrittenPage {
  readonly bytes: Bytes;
  readonly ref: PageRef;
}

export interface WrittenCommit {
  readonly bytes: Bytes;
  readonly commit: Commit;
  readonly pages: readonly WrittenPage[];
  readonly after: StateTree;
}

export interface PageWish {
  readonly nodeId: Uint8Array;
  readonly range?: PageRange;
  readonly sizeBytes?: number;
  /** To write a wrong one. */
  readonly header?: Partial<PageHeader>;
}

export interface CommitWish {
  readonly pages?: readonly PageWish[];
  readonly gone?: readonly Pick<PageRef, "nodeId" | "bitsLength" | "bits">[];
  readonly added?: CommitFields["added"];
  readonly dropped?: CommitFields["dropped"];
  readonly writer?: MemberKeys;
  /** To write a wrong one. */
  readonly fields?: Partial<CommitFields>;
}

/** What a client does to a volume, as far as a server can tell: records with random bytes where ciphertext would be. */
export class VolumeWriter {
  readonly owner: TestPerson;
  readonly volumeId: Bytes;
  readonly trashId: Bytes = randomBytes(16);
  manifest: Manifest;
  head: Commit;
  state: StateTree;
  readonly genesis: WrittenCommit;

  constructor(owner: TestPerson, timeMs: number = Date.now()) {
    this.owner = owner;
    const nonce = randomBytes(32);
    const ownerFingerprint = owner.identity.fingerprint;
    this.volumeId = volumeIdOf({ ownerFingerprint, nonce });
    const fields: ManifestFields = {
      volumeId: this.volumeId,
      version: 0,
      previousManifestHash: zero32,
      nonce,
      g: 0,
      vkCommitment: commitToVolumeKey({ volumeId: this.volumeId, g: 0 }, randomBytes(32)),
      ownerFingerprint,
      signerFingerprint: ownerFingerprint,
      members: [{ subjectId: owner.userId, fingerprint: ownerFingerprint, role: ROLES.owner, addedMs: timeMs }],
    };
    this.manifest = decodeManifest(signManifest(fields, owner.signatureSeed));
    this.state = StateTree.empty;
    this.genesis = this.write({
      pages: [{ nodeId: this.volumeId }, { nodeId: this.trashId }],
      fields: { sequence: 0, kind: COMMIT_KINDS.genesis, previousCommitHash: zero32, timeMs },
    });
    this.head = this.genesis.commit;
    this.state = this.genesis.after;
  }

  get id(): VolumeId {
    return toBase64Url(this.volumeId) as VolumeId;
  }

  newVolume(): NewVolume {
    return {
      volumeId: this.id,
      manifest: toBase64Url(this.manifest.bytes),
      commit: toBase64Url(this.genesis.bytes),
      pages: this.genesis.pages.map(({ bytes }) => toBase64Url(bytes)),
      envelope: toBase64Url(this.envelopeFor(this.owner)),
    };
  }

  envelopeFor(recipient: MemberKeys, manifest: Manifest = this.manifest, sender: MemberKeys = this.owner): Bytes {
    const header = encodeEnvelopeHeader({
      volumeId: this.volumeId,
      g: manifest.g,
      manifestVersion: manifest.version,
      senderFingerprint: sender.identity.fingerprint,
      recipientFingerprint: recipient.identity.fingerprint,
    });
    const rest = ENVELOPE_LENGTH - 4 - header.length - KEM_ENCAPSULATION_LENGTH;
    return encodeEnvelope(header, randomBytes(KEM_ENCAPSULATION_LENGTH), randomBytes(rest));
  }

  /** The next commit after the head, with its pages; nothing of this writer moves before `accept`. */
  write(wish: CommitWish): WrittenCommit {
    const writer = wish.writer ?? this.owner;
    const pages = (wish.pages ?? []).map((page) => this.#page(page, writer));
    const gone = (wish.gone ?? []).map((each) => ({ ...each, version: 0, recordHash: zero32 }));
    const changes = [...pages.map(({ ref }) => ref), ...gone];
    const after = this.#after(changes);
    const bytes = signCommit(
      {
        volumeId: this.volumeId,
        sequence: (this.head?.sequence ?? -1) + 1,
        kind: COMMIT_KINDS.ordinary,
        previousCommitHash: this.head?.hash ?? zero32,
        timeMs: (this.head?.timeMs ?? 0) + 1,
        manifestVersion: this.manifest.version,
        manifestHash: this.manifest.hash,
        g: this.manifest.g,
        writerFingerprint: writer.identity.fingerprint,
        stateRoot: after.root(this.volumeId),
        abandoned: [],
        changes,
        added: wish.added ?? [],
        dropped: wish.dropped ?? [],
        ...wish.fields,
      },
      writer.signatureSeed,
    );
    return { bytes, commit: decodeCommit(bytes), pages, after };
  }

  /** The server took it. */
  accept({ commit, after }: WrittenCommit, manifest: Manifest = this.manifest): void {
    this.head = commit;
    this.state = after;
    this.manifest = manifest;
  }

  /** A members commit with its manifest; `g` grows when `rotate` says so. */
  writeMembers(
    members: readonly { readonly person: MemberKeys; readonly role: Role }[],
    options: { readonly rotate?: boolean; readonly signer?: TestPerson; readonly fields?: Partial<CommitFields> } = {},
  ): { readonly written: WrittenCommit; readonly manifest: Manifest; readonly previousKeys: Bytes } {
    const { rotate = false, signer = this.owner } = options;
    const g = this.manifest.g + (rotate ? 1 : 0);
    const known = new Map([...this.manifest.members].map((row) => [toBase64Url(row.subjectId), row.addedMs]));
    const rows = members.map(({ person, role }) => ({
      subjectId: person.userId,
      fingerprint: person.identity.fingerprint,
      role,
      addedMs: known.get(toBase64Url(person.userId)) ?? 5,
    }));
    const owner = members.find(({ role }) => role === ROLES.owner)?.person ?? this.owner;
    const fields: ManifestFields = {
      volumeId: this.volumeId,
      version: this.manifest.version + 1,
      previousManifestHash: this.manifest.hash,
      nonce: zero32,
      g,
      vkCommitment: rotate ? randomBytes(32) : this.manifest.vkCommitment,
      ownerFingerprint: owner.identity.fingerprint,
      signerFingerprint: signer.identity.fingerprint,
      members: rows,
    };
    const manifest = decodeManifest(signManifest(fields, signer.signatureSeed));
    const named = { manifestVersion: manifest.version, manifestHash: manifest.hash, g };
    const written = this.write({
      writer: signer,
      fields: { kind: COMMIT_KINDS.members, ...named, ...options.fields },
    });
    return { written, manifest, previousKeys: opaqueBytes(EXEF_KIND.previousKeys, randomBytes(16), 36 * g) };
  }

  #page({ nodeId, range = WHOLE_FOLDER, sizeBytes = 600, header: wrong }: PageWish, writer: MemberKeys): WrittenPage {
    const version = (this.state.page(nodeId, range)?.version ?? 0) + 1;
    const header: PageHeader = {
      volumeId: this.volumeId,
      nodeId,
      ...range,
      version,
      g: this.manifest.g,
      manifestVersion: this.manifest.version,
      previousRecordHash: previousRecordHashOf(this.state, nodeId, range),
      writerFingerprint: writer.identity.fingerprint,
      ...wrong,
    };
    const bytes = encodePageRecord(encodePageHeader(header), opaqueBytes(EXEF_KIND.page, randomBytes(16), sizeBytes));
    return { bytes, ref: { nodeId, ...range, version, recordHash: pageRecordHash(bytes) } };
  }

  /** What a client would sign even if the server must refuse it: a state that breaks the rules keeps the old one. */
  #after(changes: readonly PageRef[]): StateTree {
    try {
      return this.state.apply(changes);
    } catch {
      return this.state;
    }
  }
}
