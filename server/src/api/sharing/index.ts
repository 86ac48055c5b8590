import { toBase64Url } from "@excalibur/core/bytes";
import {
  acceptVolume,
  createVolume,
  leaveVolume,
  listMembers,
  lookUpPerson,
  type UserId,
} from "@excalibur/core/protocol";
import { type Endpoint, readEndpoint, writeEndpoint } from "../endpoint.ts";
import { volumeCaller } from "../volumes/volume-caller.ts";

export const sharingEndpoints: readonly Endpoint[] = [
  writeEndpoint(createVolume, ({ session, body, transact }, { volumes }) =>
    volumes.createPending({ userId: session.userId, newVolume: body.volume }, transact),
  ),
  readEndpoint(listMembers, async (call, { volumes }) => {
    const members = await volumes.listMembers(volumeCaller(call));
    return { members: members.map(({ userId, ...rest }) => ({ userId: toBase64Url(userId) as UserId, ...rest })) };
  }),
  writeEndpoint(acceptVolume, async (call, { volumes }) => {
    await volumes.acceptVolume(volumeCaller(call), call.transact);
    return undefined;
  }),
  writeEndpoint(leaveVolume, async (call, { volumes }) => {
    await volumes.leaveVolume(volumeCaller(call), call.transact);
    return undefined;
  }),
  readEndpoint(lookUpPerson, ({ session, params }, { accounts }) => accounts.profile.lookUp(session, params.name)),
];
