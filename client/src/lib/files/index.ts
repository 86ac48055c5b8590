export { BrowserSource } from "./browser-source.ts";
export { DownloadGoneError, PortSink } from "./port-sink.ts";
