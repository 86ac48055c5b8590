import { getIdentity } from "@excalibur/core/protocol";
import { type Endpoint, readEndpoint } from "../endpoint.ts";

export const identitiesEndpoints: readonly Endpoint[] = [
  readEndpoint(getIdentity, ({ params }, { accounts }) => accounts.profile.identity(params.userId)),
];
