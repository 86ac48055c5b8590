export { DeviceSecretStore } from "./device-secret.ts";
