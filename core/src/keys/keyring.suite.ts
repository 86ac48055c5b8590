import { type CborValue, toBase64Url } from "../bytes/index.ts";
import type { Contact, Keyring, KeyringVolume } from "./index.ts";

export const fill = (length: number, value: number) => new Uint8Array(length).fill(value);
export const volume = (id: number, change: Partial<KeyringVolume> = {}): KeyringVolume => ({
  volumeId: fill(16, id),
  keys: new Map([[0, fill(32, id)]]),
  head: { sequence: 5, hash: fill(32, id) },
  ...change,
});
export const contact = (id: number, change: Partial<Contact> = {}): Contact => ({
  userId: fill(16, id),
  fingerprint: fill(32, id),
  verified: true,
  name: `person ${id}`,
  ...change,
});
export const volumesOf = (...volumes: KeyringVolume[]) =>
  new Map(volumes.map((each) => [toBase64Url(each.volumeId), each]));
export const contactsOf = (...contacts: Contact[]) => new Map(contacts.map((each) => [toBase64Url(each.userId), each]));

export const keyring: Keyring = {
  identity: { sequence: 2, signatureSeed: fill(32, 1), sealingSeed: fill(32, 2) },
  earlierIdentities: [
    { sequence: 0, signatureSeed: fill(32, 3), sealingSeed: fill(32, 4) },
    { sequence: 1, signatureSeed: fill(32, 5), sealingSeed: fill(32, 6) },
  ],
  volumes: volumesOf(volume(1), volume(2, { head: null, keys: new Map([0, 1, 300].map((g) => [g, fill(32, g + 1)])) })),
  contacts: contactsOf(contact(1), contact(2, { verified: false })),
  links: new Map(),
  requests: new Map(),
  settings: new Map<string, CborValue>([
    ["theme", "dark"],
    ["list", [1, null, true]],
  ]),
  history: [{ atMs: 1000, text: "signed up" }],
  homeVolumeId: fill(16, 1),
};
