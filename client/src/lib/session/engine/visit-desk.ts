import { LockedError, type Visit } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import type { VisitForm, VisitView } from "./link-types.ts";
import type { Rooms, RoomsHolder } from "./rooms.ts";
import type { EngineEvent } from "./types.ts";
import type { OpenVisit } from "./visit-rooms.ts";

/**
 * [Note: Visits]
 * A link is opened by the same worker as an account, and its files are listed, shown, fetched and filled by the same desks: they work
 * on what is open, whoever opened it. A window that shows a link opens no account, and keeps nothing of the visit.
 */
export class VisitDesk implements RoomsHolder {
  readonly #accounts: AccountDesk;
  #open: OpenVisit | undefined;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** Throws what `visitLink` of the sdk throws. */
  async open({ address, password }: VisitForm): Promise<VisitView> {
    const { openVisit } = await import("./visit-rooms.ts");
    this.#open = await openVisit({ address, password, client: "web" });
    const { visit } = this.#open;
    const { role, viewOnly, isFile, label, expiresMs, invitation } = visit;
    return { role, viewOnly, isFile, label, expiresMs, invitedBy: invitation?.by.name };
  }

  /** What is new in the folder. Throws why nobody is let in any more. */
  async catchUp(): Promise<void> {
    await this.#open?.visit.catchUp();
    this.tell({ type: "changed" });
  }

  /** Throws LockedError when none is open. */
  get visit(): Visit {
    if (this.#open === undefined) throw new LockedError();
    return this.#open.visit;
  }

  async rooms(): Promise<Rooms> {
    return this.#open?.rooms ?? (await this.#accounts.rooms());
  }

  isOpen(owner: object): boolean {
    return this.#open === undefined ? this.#accounts.isOpen(owner) : this.#open.visit === owner;
  }

  tell(event: EngineEvent): void {
    this.#accounts.tell(event);
  }
}
