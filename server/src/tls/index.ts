export { type KeyPair, type LocalTls, type LocalTlsOptions, openLocalTls } from "./local-tls.ts";
