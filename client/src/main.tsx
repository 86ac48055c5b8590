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

/** Before there is anything that could draw why it did not come, the page has a sentence of its own. */
async function part<Part>(coming: Promise<Part>): Promise<Part> {
  try {
    return await coming;
  } catch (error) {
    document.getElementById("unloaded")?.removeAttribute("hidden");
    throw error;
  }
}

const { followInvitation, takeInvitation } = await part(import("./lib/session/invitation.ts"));
// Out of the address bar before anything is asked of the server, and before anybody can look over a shoulder.
takeInvitation();
followInvitation();
const { start } = await part(import("./start.tsx"));
await start();
