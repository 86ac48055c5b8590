import { originHash, senderBindMessage } from "@excalibur/core/identity";
import { signLabelled, verifyLabelled } from "@excalibur/core/labels";
import { signatureKeyPairFromSeed } from "@excalibur/core/primitives";
import {
  createSending,
  filedProof,
  formatRequestUrl,
  isFiledProof,
  openItem,
  openRequestText,
  openSending,
  parseRequestUrl,
  receiptCode,
  requestKeysOf,
  requestKnock,
  sealItem,
  sealRequestText,
  senderDeviceKey,
  sendingOf,
} from "@excalibur/core/requests";
import { describe, expect, it } from "vitest";
import { openItem as openItemSlowly, openText as openTextSlowly } from "../../reference/requests/upload-request.ts";
import { itRefuses } from "../check-cases.ts";
import { frozen, hex, type MustFail, type Named, unhex } from "../frozen.ts";

interface PlaceCase extends Named {
  readonly requestId: string;
  readonly keyHash: string;
  readonly textKey: string;
}

interface ItemCase extends PlaceCase {
  readonly seed: string;
  readonly objectId: string;
  readonly record: string;
}

interface GoodItem extends ItemCase {
  readonly fileKey: string;
  readonly root: string;
  readonly receiptKey: string;
  readonly ciphertextLength: number;
  readonly sizeBytes: number;
  readonly path: string[];
  readonly modifiedMs: number;
  readonly mediaType: string;
  readonly sender?: string;
  readonly note?: string;
}

interface TextCase extends PlaceCase {
  readonly object: string;
  readonly title: string;
  readonly text: string;
  readonly owner: string;
  readonly types: string[];
}

interface RequestsFile {
  readonly keys: readonly { seed: string; publicKey: string; keyHash: string }[];
  readonly addresses: readonly (PlaceCase & { text: string; server: string })[];
  readonly refusedAddresses: readonly (MustFail & { text: string })[];
  readonly derivations: readonly (PlaceCase & { knock: string; device: string })[];
  readonly texts: readonly TextCase[];
  readonly refusedTexts: readonly (MustFail & TextCase)[];
  readonly items: readonly GoodItem[];
  readonly refusedItems: readonly (MustFail & ItemCase)[];
  readonly bindings: readonly { requestId: string; origin: string; seed: string; message: string; proof: string }[];
  readonly receipts: readonly {
    requestId: string;
    receiptKey: string;
    objectId: string;
    root: string;
    number: string;
    proof: string;
  }[];
}

function placeOf({ requestId, keyHash, textKey }: PlaceCase) {
  return { requestId: unhex(requestId), keyHash: unhex(keyHash), textKey: unhex(textKey) };
}

async function openOne(one: ItemCase) {
  const record = unhex(one.record);
  const key = await openSending(placeOf(one), unhex(one.seed), sendingOf(record));
  return await openItem({ record, key, objectId: unhex(one.objectId) });
}

export function requestsSuite(): void {
  const file = frozen<RequestsFile>("requests");

  describe("addresses of upload requests", () => {
    it("say whose they are, and are made of it again", () => {
      for (const one of file.addresses) {
        const address = parseRequestUrl(one.text);
        expect(address).toEqual({ server: one.server, ...placeOf(one) });
        expect(formatRequestUrl(address)).toBe(one.text);
      }
    });
    itRefuses("addresses", file.refusedAddresses, ({ text }) => parseRequestUrl(text));
  });

  describe("keys of upload requests", () => {
    it("follow from what their owner keeps", async () => {
      for (const one of file.keys) {
        const { publicKey, keyHash } = await requestKeysOf({ sealingSeed: unhex(one.seed) });
        expect([hex(publicKey), hex(keyHash)]).toEqual([one.publicKey, one.keyHash]);
      }
      for (const one of file.derivations) {
        expect(hex(requestKnock(placeOf(one)))).toBe(one.knock);
        expect(hex(senderDeviceKey(placeOf(one)))).toBe(one.device);
      }
    });

    it("bind senders and prove receipts", () => {
      for (const one of file.bindings) {
        const seed = unhex(one.seed);
        const { publicKey: sessionKey } = signatureKeyPairFromSeed(seed);
        const binding = { requestId: unhex(one.requestId), originHash: originHash(one.origin), sessionKey };
        const message = senderBindMessage(binding);
        expect([hex(message), hex(signLabelled("sender", seed, message))]).toEqual([one.message, one.proof]);
        expect(verifyLabelled("session", sessionKey, message, unhex(one.proof))).toBe(false);
      }
      for (const one of file.receipts) {
        const [receiptKey, requestId] = [unhex(one.receiptKey), unhex(one.requestId)];
        const item = { requestId, objectId: unhex(one.objectId), root: unhex(one.root) };
        expect(receiptCode(receiptKey, requestId)).toBe(one.number);
        expect(hex(filedProof(receiptKey, item))).toBe(one.proof);
        expect(isFiledProof(unhex(one.proof), receiptKey, { ...item, root: unhex(one.objectId + one.objectId) })).toBe(
          false,
        );
      }
    });
  });

  describe("texts of upload requests", () => {
    it("open, and are read by the slow implementation when the product made them", async () => {
      for (const one of file.texts) {
        const { title, text, owner, types } = one;
        expect(await openRequestText(placeOf(one), unhex(one.object))).toEqual({ title, text, owner, types });
        const made = await sealRequestText(placeOf(one), { title, text, owner, types });
        expect(openTextSlowly(placeOf(one), made)).toEqual({ title, text, owner, types });
      }
    });
    itRefuses("texts", file.refusedTexts, (one) => openRequestText(placeOf(one), unhex(one.object)));
  });

  describe("items of upload requests", () => {
    it("open, and are read by the slow implementation when the product made them", async () => {
      for (const one of file.items) {
        const opened = await openOne(one);
        const { name: _n, requestId: _r, keyHash: _k, textKey: _t, seed, record: _c, ...said } = one;
        const bytes = { objectId: hex(opened.objectId), fileKey: hex(opened.fileKey), root: hex(opened.root) };
        expect({ ...opened, ...bytes, receiptKey: hex(opened.receiptKey) }).toEqual(said);
        const { publicKey } = await requestKeysOf({ sealingSeed: unhex(seed) });
        const made = await sealItem(await createSending(placeOf(one), publicKey), opened);
        expect(openItemSlowly(placeOf(one), unhex(seed), opened.objectId, made)).toEqual(opened);
      }
    });
    itRefuses("items", file.refusedItems, openOne);
  });
}
