import { takeContactLink } from "./lib/session/contact-link.ts";
import { takePublicPlace } from "./lib/session/public-place.ts";
import { takeFolderInvitation } from "./lib/session/taken-invitation.ts";
import { preparePage } from "./native/index.ts";
import { installTrustedTypes } from "./trusted-types.ts";

// Before this program asks for anything, the rest of itself included.
takePublicPlace();
takeContactLink();
takeFolderInvitation();
preparePage();
installTrustedTypes();

const { followInvitation, takeInvitation } = await import("./lib/session/invitation.ts");
// Out of the address bar before anything is asked of the server, and before anybody can look over a shoulder.
takeInvitation();
followInvitation();
const { start } = await import("./start.tsx");
await start();
