import { describe, expect, it } from "vitest";
import {
  COMMIT_KINDS,
  type Commit,
  type CommitFields,
  type Manifest,
  type RejoinQuestion,
  ROLES,
  verifyRejoin,
} from "../index.ts";
import { alice, bob, carol, dave, type Person, signatureKeys, volumeId } from "../members/people.suite.ts";

import { after, changed, follow, genesis, hash, manifest, members, refusal } from "./history.suite.ts";

describe("a rejoin", () => {
  const lost = { sequence: 5, hash: hash(5) };
  const newer = follow(
    manifest,
    bob,
    1,
    [...manifest.members].filter((each) => each.role !== ROLES.editor),
  );
  const rejoin = (of: Manifest, change: Partial<CommitFields> = {}, writer: Person = alice) =>
    members(of, { kind: COMMIT_KINDS.rejoin, sequence: 6, abandoned: [lost], ...change }, writer);
  const ask = (commit: Commit, more: Partial<RejoinQuestion> = {}) =>
    refusal(() => verifyRejoin({ previous: genesis, commit, manifests: [manifest, newer], signatureKeys, ...more }));
  const remembered = { ...lost, manifestHash: newer.hash, isOnKeptBranch: false };

  it("goes on from the server's head under the newest manifest of both branches", () => {
    const answer = verifyRejoin({
      previous: genesis,
      commit: rejoin(newer),
      manifests: [manifest, newer],
      remembered,
      signatureKeys,
    });
    expect(answer.manifest).toBe(newer);
    expect(answer.abandoned).toEqual([lost]);
    expect(ask(rejoin(newer, {}, bob))).toBe("accepted");
    expect(ask(rejoin(newer), { remembered: { ...remembered, hash: hash(9), isOnKeptBranch: true } })).toBe("accepted");
    const twice = [lost, { sequence: 5, hash: hash(6) }, { sequence: 7, hash: hash(7) }];
    expect(ask(rejoin(newer, { abandoned: twice, sequence: 8 }))).toBe("accepted");
  });

  it.each<[string, () => Commit]>([
    ["kind", () => members(newer)],
    ["abandoned", () => rejoin(newer, { abandoned: [], sequence: 1 })],
    ["abandoned", () => rejoin(newer, { abandoned: [{ sequence: 5, hash: genesis.hash }] })],
    ["sequence", () => rejoin(newer, { sequence: 7 })],
    ["sequence", () => rejoin(newer, { sequence: 1 })],
    ["manifest", () => rejoin(manifest)],
    ["generation", () => rejoin(newer, { g: 0 })],
    ["writer_may_not", () => rejoin(newer, {}, dave)],
    ["writer_may_not", () => rejoin(newer, {}, carol)],
    ["signature", () => rejoin(newer, { writerFingerprint: alice.fingerprint }, bob)],
    ["changes_not_allowed", () => rejoin(newer, { changes: changed })],
    ["state_root", () => rejoin(newer, { stateRoot: after.root(volumeId) })],
    ["previous_hash", () => rejoin(newer, { previousCommitHash: hash(1) })],
    ["time_before_previous", () => rejoin(newer, { timeMs: 1 })],
  ])("is refused (%s)", (reason, commit) => {
    expect(ask(commit())).toBe(reason);
  });

  it("never brings back a removed member, nor leaves a client's head out", () => {
    const old = { previous: genesis, commit: rejoin(manifest), manifests: [manifest], signatureKeys };
    expect(refusal(() => verifyRejoin(old))).toBe("accepted");
    expect(refusal(() => verifyRejoin({ ...old, remembered }))).toBe("manifest");
    expect(ask(rejoin(newer), { remembered: { ...remembered, hash: hash(9) } })).toBe("abandoned");
    expect(ask(rejoin(newer), { manifests: [newer] })).toBe("manifest");
    expect(ask(rejoin(newer), { manifests: [] })).toBe("manifest");
    const illegal = follow(manifest, dave, 0);
    expect(ask(rejoin(illegal), { manifests: [manifest, illegal] })).toBe("signer_may_not");
  });
});
