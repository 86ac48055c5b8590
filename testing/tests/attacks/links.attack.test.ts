/** Links: what a server, its disk and the network learn of them, and what a server may show under one. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { parseEnvelope, signatureKeysOf, verifyIdentityChain } from "@excalibur/core/identity";
import {
  linkKeys,
  linkKnock,
  linkPasswordKey,
  linkPasswordSalt,
  openEnvelope,
  parseLinkAddress,
} from "@excalibur/core/keys";
import type { VolumeId } from "@excalibur/core/protocol";
import { openPage, openPreviousKeys } from "@excalibur/core/volume/content";
import { decodeManifest, pageRecordHash, parsePageRecord } from "@excalibur/core/volume/record";
import { isViolation, type LinkInfo, type NewLink } from "@excalibur/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { headOf, refusalOf } from "../../src/attacks/index.ts";
import { CanarySearch, type Device, everythingOn, everythingOutside, type Person, World } from "../../src/index.ts";

const PASSWORD = "only for the two of us";
const LABEL = "for grandmother, from her canary";

let world: World;
let alice: Person;
let stranger: Device;

beforeEach(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
  stranger = await alice.newDevice("stranger");
  await alice.laptop.write("/Folder/one.txt", "one");
});
afterEach(() => world[Symbol.asyncDispose]());

async function make(path: string, wish: NewLink = {}): Promise<LinkInfo & { readonly address: string }> {
  const link = await (await alice.laptop.drive).links.create(await alice.laptop.find(path), wish);
  return link as LinkInfo & { readonly address: string };
}

function open({ address }: { readonly address: string }, password?: string) {
  return stranger.excalibur.visit({ address, client: "cli", password });
}

async function readOne(link: { readonly address: string }, password?: string): Promise<string> {
  const visit = await open(link, password);
  const item = await visit.files.resolve("/one.txt");
  const pieces: Uint8Array[] = [];
  for await (const piece of visit.downloads.read(item!.entry.file!)) pieces.push(piece.slice());
  await visit.close();
  return Buffer.concat(pieces).toString();
}

describe("the secret of a link", () => {
  it("E1 reaches neither the server nor the network nor the visitor's disk, nor does its password, nor anything made of them but the knock", async () => {
    world.wire.record();
    const link = await make("/Folder", { password: PASSWORD, label: LABEL });
    expect(await readOne(link, PASSWORD)).toBe("one");
    const { links } = await alice.laptop.drive;
    await links.change(link.id, { label: `${LABEL} again`, paused: true });
    await links.change(link.id, { paused: false });
    await links.log(link.id);
    await links.revoke(link.id);

    const { linkId, secret } = parseLinkAddress(link.address);
    const passwordKey = await linkPasswordKey({ linkId, secret }, PASSWORD);
    const keys = linkKeys({ linkId, secret, passwordKey });
    const withoutPassword = linkKeys({ linkId, secret });
    const secrets = {
      ...{ "the secret": secret, "the password": PASSWORD, "the label": LABEL, "the address": link.address },
      ...{ "the password's key": passwordKey, "its salt": linkPasswordSalt({ linkId, secret }) },
      ...{
        "the signature key": keys.signatureSeed,
        "the sealing key": keys.sealingSeed,
        "the record's key": keys.recordKey,
      },
      "the signature key without a password": withoutPassword.signatureSeed,
    };
    const search = new CanarySearch(Object.entries(secrets).map(([name, value]) => ({ name, value })));
    const places = await everythingOutside(world);
    expect(search.findAll(places)).toEqual([]);
    expect(search.findAll(await everythingOn(stranger.home))).toEqual([]);
    expect(search.findAll(await everythingOn(alice.laptop.home))).toEqual([]);
    // What visitors show travels, and is kept by nobody.
    const knock = new CanarySearch([{ name: "the knock", value: linkKnock({ linkId, secret }) }]);
    const seen = knock.findAll(places).map(({ where }) => where);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((where) => !where.includes("of the wire"))).toEqual([]);
  });
});

describe("somebody who has the address of a link and not its password", () => {
  it("E4 gets nothing from the server that a guess could be tried on", async () => {
    const link = await make("/Folder", { password: PASSWORD });
    stranger.network.record();
    expect(await refusalOf(open(link))).toMatchObject({ code: "link_password_needed" });
    expect(await refusalOf(open(link, "a guess"))).toMatchObject({ code: "link_password_wrong" });
    expect(stranger.network.asked.filter((route) => route.includes("Link"))).toEqual([
      ...["knockLink", "knockLink", "openLink"],
    ]);
    const answers: Record<string, unknown>[] = [];
    for (const route of ["knockLink", "openLink"]) {
      stranger.network.interfere(route, async (_, ask) => {
        const answer = await ask();
        answers.push(JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>);
        return answer;
      });
    }
    await refusalOf(open(link, "another guess"));
    expect(answers.map((answer) => Object.keys(answer).sort())).toEqual([
      ["loginId", "needsPassword", "serverNonce"],
      ["code", "detail", "requestId", "status", "title", "type"],
    ]);
    stranger.network.behave();
    expect(await readOne(link, PASSWORD)).toBe("one");
  });
});

describe("a link that does not exist, or whose secret is another", () => {
  it("E3 is told apart from nothing", async () => {
    const link = await make("/Folder");
    await make("/Folder");
    const { linkId, secret, server } = parseLinkAddress(link.address);
    const flipped = secret.slice();
    flipped[0] = (flipped[0] as number) ^ 1;
    const unknown = linkId.slice();
    unknown[0] = (unknown[0] as number) ^ 1;
    const address = (id: Uint8Array, key: Uint8Array) => `${server}/s/${toBase64Url(id)}#1.${toBase64Url(key)}`;
    const refusals = [
      await refusalOf(open({ address: address(linkId, flipped) })),
      await refusalOf(open({ address: address(unknown, secret) })),
    ];
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: "link_not_found" });
    expect(await readOne(link)).toBe("one");
  });
});

describe("under a link", () => {
  it("E5 a server shows no other folder, and no earlier state than its maker saw", async () => {
    await alice.laptop.write("/Other/one.txt", "another");
    const [link, other] = [await make("/Folder"), await make("/Other")];
    const { network } = stranger;
    const params = (info: LinkInfo) => toBase64Url(info.volumeId) as VolumeId;
    const refused = async () => {
      const refusal = await refusalOf(readOne(link));
      network.behave();
      expect(await readOne(link)).toBe("one");
      return refusal;
    };

    // Another link's record.
    const records: string[] = [];
    network.alterJson<{ record: string }>("openLink", (reply) => {
      records.push(reply.record);
      return reply;
    });
    await readOne(other);
    network.behave();
    network.alterJson<{ record: string }>("openLink", (reply) => ({ ...reply, record: records[0] }));
    expect(await refused()).toMatchObject({ code: "link_record" });

    // Everything of another volume, under this one's id.
    for (const route of ["getHead", "listCommits", "getPageList", "fetchPages"]) {
      network.interfere(route, (_, ask) => ask({}));
    }
    const foreign = await headOf(alice.laptop, other.volumeId);
    network.alterJson("getHead", () => foreign);
    expect(isViolation(await refused())).toBe(true);

    // The genesis of a volume that Alice made too, with this one's name.
    const own = await headOf(alice.laptop, link.volumeId);
    network.alterJson("getHead", () => ({ ...own, genesis: foreign.genesis }));
    expect(isViolation(await refused())).toBe(true);

    // Before the link was made: the list without it, which once was right.
    const early = { ...own, commit: own.genesis, sequence: 0, manifests: own.manifests.slice(0, 1) };
    network.alterJson("getHead", () => early);
    expect(isViolation(await refused())).toBe(true);
    expect(params(link)).not.toBe(params(other));
  });

  it("E5 a server gives no other keys to members of the list", async () => {
    const [link, other] = [await make("/Folder"), await make("/Folder")];
    const { network } = stranger;
    const otherId = parseLinkAddress(other.address).linkId;
    // The other link's keys in the place of this one's: nobody's fingerprint stands for them there.
    network.alterJson<{ links: string[] }>("getHead", (head) => ({
      ...head,
      links: head.links.filter((each) => Buffer.compare(fromBase64Url(each).subarray(0, 16), otherId) === 0),
    }));
    // It has no signature to check by them, and needs none: nothing is signed by the link.
    expect(await readOne(link)).toBe("one");
    network.alterJson<{ links: string[] }>("getHead", (head) => ({ ...head, links: ["AAAA"] }));
    expect(await refusalOf(readOne(link))).toBeDefined();
  });
});

describe("a link that was taken back", () => {
  it("E6 opens nothing that was written afterwards, with all its keys and everything the server stores", async () => {
    const link = await make("/Folder");
    const visit = await open(link);
    await visit.close();
    const { linkId, secret } = parseLinkAddress(link.address);
    const { sealingSeed } = linkKeys({ linkId, secret });
    await (await alice.laptop.drive).links.revoke(link.id);
    const cut = (await headOf(alice.laptop, link.volumeId)).sequence;
    await alice.laptop.write("/Folder/two.txt", "written afterwards");

    const { database } = world.server.context;
    const all = <Row>(table: string) =>
      database.read
        .selectFrom(table as "pages")
        .selectAll()
        .where("volume_id", "=", link.volumeId)
        .execute() as unknown as Promise<Row[]>;
    const pages = await all<{ record: Uint8Array; sequence: number }>("pages");
    const newer = pages.filter(({ sequence }) => sequence > cut);
    expect(newer.length).toBeGreaterThan(0);
    const manifests = (await all<{ record: Uint8Array }>("manifests")).map(({ record }) => decodeManifest(record));
    const identities = await database.read.selectFrom("identities").selectAll().execute();
    const signatureKeys = signatureKeysOf(identities.flatMap(({ record }) => verifyIdentityChain([record])));
    const fingerprint = manifests
      .flatMap(({ members }) => [...members])
      .find(({ subjectId }) => Buffer.compare(subjectId, linkId) === 0)!.fingerprint;
    const keys = new Map<number, Uint8Array>();
    let tried = 0;
    for (const { record } of await all<{ record: Uint8Array }>("envelopes")) {
      const envelope = parseEnvelope(record);
      const manifest = manifests.find(({ version }) => version === envelope.manifestVersion)!;
      const recipient = { fingerprint, sealingSeed };
      const question = { envelope, manifest, recipient, signatureKeys, purpose: "invitation" } as const;
      tried += 1;
      const [opened] = await Promise.allSettled([openEnvelope(question)]);
      if (opened.status === "fulfilled") keys.set(envelope.g, opened.value.volumeKey);
    }
    expect(tried).toBeGreaterThan(2);
    // The key that it had, and no other.
    expect([...keys.keys()]).toEqual([0]);
    const newest = manifests.find(({ g }) => g === 1)!;
    const { sealed } = (await all<{ sealed: Uint8Array }>("previous_keys"))[0]!;
    const volumeKey = keys.get(0)!;
    const place = { volumeId: link.volumeId, g: 1, volumeKey, commitmentOf: () => newest.vkCommitment };
    await expect(openPreviousKeys(place, sealed)).rejects.toThrow();
    for (const { record } of newer) {
      const { header } = parsePageRecord(record);
      const { nodeId, bits, bitsLength, version } = header;
      const expected = { nodeId, bits, bitsLength, version, recordHash: pageRecordHash(record) };
      const volumeKeys = new Map([0, 1].map((g) => [g, volumeKey]));
      const opening = openPage({ volumeId: link.volumeId, expected, headG: 1, volumeKeys, record });
      await expect(opening).rejects.toMatchObject({ code: /integrity/ });
    }
    // Control: whoever stayed reads it.
    expect(await alice.phone.readText("/Folder/two.txt")).toBe("written afterwards");
  });
});
