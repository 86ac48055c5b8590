export { fetchHttp } from "./fetch-http.ts";
export { webSocket } from "./web-socket.ts";
