import type { Endpoint } from "../endpoint.ts";
import { fetchObjectsEndpoint } from "./fetch-objects.ts";
import { getObjectEndpoint } from "./get-object.ts";
import { getProofEndpoint } from "./get-proof.ts";
import { postBatchEndpoint } from "./post-batch.ts";

export const objectsEndpoints: readonly Endpoint[] = [
  postBatchEndpoint,
  getObjectEndpoint,
  fetchObjectsEndpoint,
  getProofEndpoint,
];
