import type { Endpoint } from "../endpoint.ts";
import { checkObjectsEndpoint } from "./check-objects.ts";
import { fetchPagesEndpoint } from "./fetch-pages.ts";
import { getHeadEndpoint } from "./get-head.ts";
import { getPageListEndpoint } from "./get-page-list.ts";
import { getStatePathEndpoint } from "./get-state-path.ts";
import { listCommitsEndpoint } from "./list-commits.ts";
import { listVolumesEndpoint } from "./list-volumes.ts";
import { postCommitEndpoint } from "./post-commit.ts";
import { putPagesEndpoint } from "./put-pages.ts";

export const volumesEndpoints: readonly Endpoint[] = [
  listVolumesEndpoint,
  getHeadEndpoint,
  listCommitsEndpoint,
  getPageListEndpoint,
  getStatePathEndpoint,
  fetchPagesEndpoint,
  checkObjectsEndpoint,
  putPagesEndpoint,
  postCommitEndpoint,
];
