export { openWebClient, type WebClient, WebClientDamagedError, type WebFile } from "./web-client.ts";
