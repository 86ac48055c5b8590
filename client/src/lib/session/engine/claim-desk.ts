import type { Drive } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import { presentLink } from "./link-desk.ts";
import type { FoundInvitationItem, InvitationForm, LinkItem } from "./link-types.ts";
import { findItem } from "./sharing-desk.ts";
import type { ItemRef } from "./types.ts";

/** Invitations for people without an account: made, and taken up once there is one. */
export class ClaimDesk {
  readonly #accounts: AccountDesk;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** A folder that is not shared yet becomes a shared one. Throws NotShareableError, RoleError. */
  async invite(ref: ItemRef, form: InvitationForm): Promise<LinkItem> {
    const { files, links } = await this.#drive();
    const made = presentLink(await links.invite(await findItem(files, ref), form));
    this.#accounts.tell({ type: "members" });
    this.#accounts.tell({ type: "changed" });
    this.#accounts.tell({ type: "link", linkId: made.id, isUse: false });
    return made;
  }

  /** Who invites to what; changes nothing. Throws what `visitLink` of the sdk throws, NotInvitationError. */
  async look(address: string): Promise<FoundInvitationItem> {
    const { claims } = await this.#drive();
    const { by, role, label, isInside } = await claims.look({ address, client: "web" });
    return { by, role, label, isInside };
  }

  /** Asks to be let in. Throws as `look`, AlreadyInsideError, ApiError link_claimed. */
  async take(address: string): Promise<void> {
    const { claims } = await this.#drive();
    await claims.take({ address, client: "web" });
    this.#accounts.tell({ type: "members" });
  }

  async #drive(): Promise<Drive> {
    return await this.#accounts.account.drive();
  }
}
