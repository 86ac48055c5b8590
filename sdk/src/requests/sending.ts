import { FormatError, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { FileSource, Ports } from "../ports/index.ts";
import { SealedRows } from "../sealed-rows.ts";
import { type SealedNotes, Uploader, type UploadRequest } from "../upload/index.ts";
import { nameProblem, normalizeName } from "../volumes/index.ts";
import { filedProofs, type OpenedState, SenderApi, type SenderTransport } from "./api.ts";
import {
  bindSender,
  ciphertextLength,
  createSenderKeys,
  decodeSenderKeys,
  encodeSenderKeys,
  folderIdOf,
  ITEM_LIMITS,
  isFiledProof,
  longestFile,
  openRequestText,
  parseRequestUrl,
  type RequestAddress,
  type RequestText,
  receiptCode,
  requestKnock,
  requireRequestKey,
  type SenderKeys,
  senderRows,
} from "./crypto.ts";
import { NotSendableError, RequestAddressError } from "./errors.ts";
import { isOfType } from "./file-types.ts";
import { type OnItsWay, Poster, placeKey } from "./poster.ts";
import { idText, SentFiles } from "./sent-files.ts";
import type {
  FileToSend,
  Preflight,
  Receipt,
  RequestView,
  SendOptions,
  SendProblem,
  SendTotals,
  SentFile,
} from "./types.ts";

type Options = { readonly signal?: AbortSignal };

const KEYS_NOTE = "sender";

interface SendingParts {
  readonly ports: Ports;
  readonly api: SenderApi;
  readonly address: RequestAddress;
  readonly publicKey: Uint8Array;
  readonly text: RequestText;
  readonly state: OpenedState;
}

/**
 * An upload request as who has its address sees it: no account, and nothing to see but what one sent oneself. What goes on
 * after a restart is kept on the device, sealed under a key that only the address gives.
 */
export class Sending {
  readonly #parts: SendingParts;
  readonly #notes: SealedNotes;
  #state: OpenedState;

  private constructor(parts: SendingParts) {
    this.#parts = parts;
    this.#state = parts.state;
    this.#notes = new SealedRows(parts.ports.cache, senderRows(parts.address));
  }

  /**
   * Throws RequestAddressError for an address that is not whole, NoRequestError, RequestKeyError when the
   * server's key is not the one that the address names, IntegrityError when its text is not; nothing was sent then.
   */
  static async open(ports: Ports, url: string, options: Options = {}): Promise<Sending> {
    const address = addressOf(url);
    const api = new SenderApi(ports, address.server);
    const state = await api.open(address.requestId, requestKnock(address), options);
    const publicKey = requireRequestKey(fromBase64Url(state.publicKey), address);
    const text = await openRequestText(address, fromBase64Url(state.sealedText));
    return new Sending({ ports, api, address, publicKey, text, state });
  }

  get view(): RequestView {
    const { address, text } = this.#parts;
    const { isOpen, isExpired, expiresMs, maxItemBytes, freeBytes, freeItems } = this.#state;
    const maxFileBytes = Math.max(0, longestFile(maxItemBytes));
    const id = toBase64Url(address.requestId);
    return { id, ...text, isOpen, isExpired, expiresMs, maxFileBytes, freeBytes, freeItems };
  }

  /** What this device keeps for the request, for a program that has more to remember. */
  get notes(): SealedNotes {
    return this.#notes;
  }

  /** Asks again what the request still takes. */
  async refresh(options: Options = {}): Promise<RequestView> {
    const { api, address } = this.#parts;
    this.#state = await api.open(address.requestId, requestKnock(address), options);
    return this.view;
  }

  /** What would be refused, before anything is read or sent. */
  preflight(files: readonly { readonly path: readonly string[]; readonly sizeBytes: number }[]): Preflight {
    const problems: { readonly path: readonly string[]; readonly problem: SendProblem }[] = [];
    let [bytes, items] = [0, 0];
    for (const { path, sizeBytes } of files) {
      const problem = this.#problemOf(path, sizeBytes);
      if (problem !== undefined) problems.push({ path, problem });
      else {
        bytes += ciphertextLength(sizeBytes);
        items += 1;
      }
    }
    return { problems, isTooMuch: bytes > this.#state.freeBytes || items > this.#state.freeItems };
  }

  /**
   * Sends files, each into the inbox when all of it is there. What an earlier program of this device sent is left out, and
   * what it began goes on. Each file has its own outcome. Throws what concerns all of them: NoRequestError, ApiError
   * (request_closed), NetworkError.
   */
  async send<File extends FileToSend>(
    files: Iterable<File> | AsyncIterable<File>,
    options: SendOptions<File> = {},
  ): Promise<SendTotals> {
    const { signal, sender, note } = options;
    const keys = await this.#keys();
    const transport = await this.#begin(keys, options);
    const sent = await SentFiles.read(this.#notes);
    const run = new SendRun({ sent, onResult: options.onResult, problemOf: (...file) => this.#problemOf(...file) });
    const { sealer, logger } = this.#parts.ports;
    const uploads = new Uploader({
      ...{ transport, sealer, logger, notes: this.#notes },
      // What is stored and has not arrived counts against the caps until the server forgets it.
      listsAtOnce: true,
      files: new Poster({ transport, keys, sent, sender, note, onItsWay: (draft) => run.onItsWay(placeKey(draft)) }),
      // A sender may not read: what is stored is proven by the root that the server answers, and verified by the owner.
      reader: { read: nothing },
    });
    await uploads.upload(run.requests(files), {
      ...(signal === undefined ? {} : { signal }),
      onBytes: (bytes, { file }) => options.onBytes?.(bytes, file),
      onResult: (result) => {
        if ("error" in result) run.failed(result.request.file, result.error);
        else run.done(result.request.file, { sizeBytes: result.sizeBytes, before: false });
      },
    });
    return run.totals;
  }

  /** What this device has sent, and which of it the owner has filed. Without the server: as it was remembered. */
  async receipt(options: Options = {}): Promise<Receipt> {
    const { requestId } = this.#parts.address;
    const keys = await this.#keys();
    const { all } = await SentFiles.read(this.#notes);
    const proofs = all.length === 0 ? new Map() : await filedProofs(await this.#begin(keys, options), options);
    const items = all.map(({ path, sizeBytes, objectId, root, receiptKey, arrivedMs }) => {
      const proof = proofs.get(idText(objectId));
      const filed = proof !== undefined && isFiledProof(proof, receiptKey, { requestId, objectId, root });
      return { path, sizeBytes, root: idText(root), arrivedMs, filed };
    });
    const number = receiptCode(keys.receiptKey, requestId);
    return { requestId: idText(requestId), title: this.#parts.text.title, number, items };
  }

  async #keys(): Promise<SenderKeys> {
    const note = await this.#notes.get(KEYS_NOTE);
    if (note !== undefined) return decodeSenderKeys(note);
    const keys = await createSenderKeys(this.#parts.address, this.#parts.publicKey);
    await this.#notes.put(KEYS_NOTE, encodeSenderKeys(keys));
    return keys;
  }

  async #begin({ sessionSeed: seed }: SenderKeys, { signal }: Options): Promise<SenderTransport> {
    const { api, address } = this.#parts;
    const { requestId } = address;
    const bound = bindSender(seed, { requestId, origin: api.origin });
    return await api.begin({ requestId, knock: requestKnock(address), seed, ...bound }, { signal });
  }

  #problemOf(path: readonly string[], sizeBytes: number): SendProblem | undefined {
    const names = path.map((name) => (name.isWellFormed() ? normalizeName(name) : name));
    if (names.length === 0 || names.some((name) => nameProblem(name) !== undefined)) return "name";
    const bytes = new TextEncoder().encode(names.join("/")).length;
    if (names.length > ITEM_LIMITS.pathNames || bytes > ITEM_LIMITS.pathBytes) return "path";
    if (!isOfType(names.at(-1) as string, this.#parts.text.types)) return "type";
    return ciphertextLength(sizeBytes) > this.#state.maxItemBytes ? "size" : undefined;
  }
}

function addressOf(url: string): RequestAddress {
  try {
    return parseRequestUrl(url.trim());
  } catch (cause) {
    throw cause instanceof FormatError ? new RequestAddressError({ cause }) : cause;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}

interface RunOptions<File extends FileToSend> {
  readonly sent: SentFiles;
  readonly onResult: ((result: SentFile<File>) => void) | undefined;
  readonly problemOf: (path: readonly string[], sizeBytes: number) => SendProblem | undefined;
}

interface SendUpload<File extends FileToSend> extends UploadRequest {
  readonly file: File;
}

/** Not an error: this file is there already. */
class SentBefore extends Error {
  readonly sizeBytes: number;
  constructor(sizeBytes: number) {
    super("sent before");
    this.sizeBytes = sizeBytes;
  }
}

/** Files of one call: which are left out, and what became of each. */
class SendRun<File extends FileToSend> {
  readonly #options: RunOptions<File>;
  readonly #onItsWay = new Map<string, OnItsWay>();
  #sent = 0;
  #failed = 0;

  constructor(options: RunOptions<File>) {
    this.#options = options;
  }

  get totals(): SendTotals {
    return { sent: this.#sent, failed: this.#failed };
  }

  onItsWay(key: string): OnItsWay {
    return this.#onItsWay.get(key) as OnItsWay;
  }

  async *requests(files: Iterable<File> | AsyncIterable<File>): AsyncGenerator<SendUpload<File>> {
    for await (const file of files) {
      const path = file.path.map((name) => (name.isWellFormed() ? normalizeName(name) : name));
      const folderId = folderIdOf(path.slice(0, -1));
      const name = path.at(-1) ?? "";
      const key = placeKey({ folderId, name });
      // Two files of one call for one place: the second would take the first one's notes.
      if (this.#onItsWay.has(key)) {
        this.failed(file, new NotSendableError("place"));
        continue;
      }
      this.#onItsWay.set(key, { path, fingerprint: "" });
      const open = () => this.#open(file, { path, key });
      const { signal } = file;
      yield { file, folderId, name, onConflict: "keep-both", open, ...(signal === undefined ? {} : { signal }) };
    }
  }

  done(file: File, { sizeBytes, before }: { readonly sizeBytes: number; readonly before: boolean }): void {
    this.#sent += 1;
    this.#options.onResult?.({ file, sizeBytes, before });
  }

  failed(file: File, error: unknown): void {
    if (error instanceof SentBefore) {
      this.done(file, { sizeBytes: error.sizeBytes, before: true });
      return;
    }
    this.#failed += 1;
    this.#options.onResult?.({ file, error });
  }

  async #open(
    file: File,
    { path, key }: { readonly path: readonly string[]; readonly key: string },
  ): Promise<FileSource> {
    const source = await file.open();
    try {
      const problem = this.#options.problemOf(path, source.sizeBytes);
      if (problem !== undefined) throw new NotSendableError(problem);
      const fingerprint = await source.fingerprint();
      this.#onItsWay.set(key, { path, fingerprint });
      if (this.#options.sent.find(path, fingerprint)) throw new SentBefore(source.sizeBytes);
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }
}
