import { toBase64Url } from "@excalibur/core/bytes";
import {
  type Claim,
  changeLink,
  claimLink,
  createLink,
  getLinkLog,
  knockLink,
  type Link,
  type LinkId,
  type LinkOutcome,
  listClaims,
  listLinks,
  openLink,
  type UserId,
  type UserName,
  type VolumeId,
} from "@excalibur/core/protocol";
import { ROLES } from "@excalibur/core/volume/record";
import { decodeBytes } from "../../decode-bytes.ts";
import type { Links } from "../../services/links/index.ts";
import { type Endpoint, openEndpoint, readEndpoint, writeEndpoint } from "../endpoint.ts";

type ListedLink = Awaited<ReturnType<Links["listLinks"]>>[number];

function presentClaim({ claim, identity }: ListedLink): Claim | undefined {
  if (claim === undefined) return undefined;
  return {
    userId: toBase64Url(claim.user_id) as UserId,
    records: claim.records.map(toBase64Url),
    serverNonce: toBase64Url(claim.server_nonce),
    signature: toBase64Url(claim.signature),
    linkIdentity: toBase64Url(identity),
    claimedMs: claim.claimed_ms,
  };
}

function presentLink(row: ListedLink): Link {
  const claim = presentClaim(row);
  return {
    linkId: toBase64Url(row.link_id) as LinkId,
    volumeId: toBase64Url(row.volume_id) as VolumeId,
    createdBy: toBase64Url(row.created_by) as UserId,
    role: row.role === ROLES.linkEditor ? "editor" : "viewer",
    hasPassword: row.has_password === 1,
    createdMs: row.created_ms,
    rules: {
      expiresMs: row.expires_ms,
      maxDownloads: row.max_downloads,
      viewOnly: row.view_only === 1,
      paused: row.paused === 1,
    },
    downloads: row.downloads,
    lastOpenedMs: row.last_opened_ms === null ? null : Number(row.last_opened_ms),
    revokedMs: row.revoked_ms,
    ...(claim === undefined ? {} : { claim }),
  };
}

export const linksEndpoints: readonly Endpoint[] = [
  writeEndpoint(createLink, ({ session, body, transact }, { links }) => {
    const { role, hasPassword, rules } = body;
    const [linkId, volumeId] = [decodeBytes(body.linkId), decodeBytes(body.volumeId)];
    const [identity, knockHash, record] = [body.identity, body.knockHash, body.record].map(decodeBytes) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const { userId } = session;
    return links.createLink(
      { userId, linkId, volumeId, role, identity, knockHash, record, hasPassword, rules },
      transact,
    );
  }),
  readEndpoint(listLinks, async ({ session }, { links }) => ({
    links: (await links.listLinks(session.userId)).map(presentLink),
  })),
  writeEndpoint(changeLink, async ({ session, params, body, transact }, { links }) => {
    const linkId = decodeBytes(params.linkId);
    await links.changeLink({ userId: session.userId, linkId, rules: body.rules }, transact);
    return undefined;
  }),
  readEndpoint(getLinkLog, async ({ session, params }, { links }) => {
    const rows = await links.readLinkLog({ userId: session.userId, linkId: decodeBytes(params.linkId) });
    return {
      entries: rows.map(({ at_ms, outcome, client, count }) => ({
        ...{ atMs: at_ms, outcome: outcome as LinkOutcome, client, count },
      })),
    };
  }),
  writeEndpoint(claimLink, async ({ session, params, body, transact }, { links }) => {
    const [linkId, knock, loginId, signature] = [params.linkId, body.knock, body.loginId, body.signature].map(
      decodeBytes,
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    await links.claimLink({ userId: session.userId, linkId, knock, loginId, signature }, transact);
    return undefined;
  }),
  readEndpoint(listClaims, async ({ session }, { links }) => ({
    claims: (await links.listClaims(session.userId)).map(({ link_id, volume_id, invited_by, claimed_ms }) => ({
      linkId: toBase64Url(link_id) as LinkId,
      volumeId: toBase64Url(volume_id) as VolumeId,
      invitedBy: invited_by as UserName | null,
      claimedMs: claimed_ms,
    })),
  })),
  openEndpoint(knockLink, ({ params, body, request }, { links }) =>
    links.knock({ linkId: decodeBytes(params.linkId), knock: decodeBytes(body.knock), network: request.ip }),
  ),
  openEndpoint(openLink, ({ params, body, request }, { links }) => {
    const [linkId, knock, loginId] = [params.linkId, body.knock, body.loginId].map(decodeBytes) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    return links.open({ linkId, knock, loginId, session: body.session, network: request.ip });
  }),
];
