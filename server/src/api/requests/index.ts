import { toBase64Url } from "@excalibur/core/bytes";
import {
  beginSending,
  changeRequest,
  createRequest,
  deleteRequest,
  listItems,
  listRequests,
  listSent,
  openRequest,
  postItems,
  type RequestId,
  settleItems,
} from "@excalibur/core/protocol";
import type { LiveSession, RequestSender } from "../../auth/session.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import { Refusal } from "../../refusal.ts";
import { type Endpoint, openEndpoint, readEndpoint, writeEndpoint } from "../endpoint.ts";

interface OwnersCall {
  readonly session: LiveSession;
  readonly params: { readonly requestId: RequestId };
}

function own({ session, params }: OwnersCall) {
  return { userId: session.userId, requestId: decodeBytes(params.requestId) };
}

function senderOf({ sender }: LiveSession): RequestSender {
  if (sender === undefined) throw new Refusal("forbidden");
  return sender;
}

export const requestsEndpoints: readonly Endpoint[] = [
  writeEndpoint(createRequest, ({ session, body, transact }, { requests }) => {
    const { requestId, publicKey, knockHash, ...change } = body;
    const keys = { publicKey: decodeBytes(publicKey), knockHash: decodeBytes(knockHash) };
    return requests.create({ userId: session.userId, requestId: decodeBytes(requestId), ...keys, change }, transact);
  }),
  readEndpoint(listRequests, async ({ session }, { requests }) => ({ requests: await requests.list(session.userId) })),
  writeEndpoint(changeRequest, (call, { requests }) =>
    requests.change({ ...own(call), change: call.body }, call.transact),
  ),
  writeEndpoint(deleteRequest, async (call, { requests }) => {
    await requests.delete(own(call), call.transact);
    return undefined;
  }),
  readEndpoint(listItems, (call, { requests }) => requests.items({ ...own(call), after: call.query.after })),
  writeEndpoint(settleItems, async (call, { requests }) => {
    await requests.settle({ ...own(call), ...call.body }, call.transact);
    return undefined;
  }),
  openEndpoint(openRequest, ({ params, body }, { requests }) =>
    requests.open({ requestId: decodeBytes(params.requestId), knock: decodeBytes(body.knock) }),
  ),
  openEndpoint(beginSending, async ({ params, body }, { requests }) => {
    const { origin } = body;
    const bytes = {
      knock: decodeBytes(body.knock),
      publicKey: decodeBytes(body.publicKey),
      proof: decodeBytes(body.proof),
    };
    const senderId = await requests.beginSending({ requestId: decodeBytes(params.requestId), origin, ...bytes });
    return { senderId: toBase64Url(senderId) as RequestId };
  }),
  writeEndpoint(postItems, ({ session, body, transact }, { requests }) =>
    requests.post({ sender: senderOf(session), ...body }, transact),
  ),
  readEndpoint(listSent, ({ session, query }, { requests }) =>
    requests.sent({ sender: senderOf(session), after: query.after }),
  ),
];
