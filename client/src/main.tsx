import { installTrustedTypes } from "./trusted-types.ts";

installTrustedTypes();

const { takeInvitation } = await import("./lib/session/invitation.ts");
// Out of the address bar before anything is asked of the server, and before anybody can look over a shoulder.
takeInvitation();
const { start } = await import("./start.tsx");
await start();
