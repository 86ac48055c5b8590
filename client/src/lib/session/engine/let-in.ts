import type { Account, Welcomed } from "@excalibur/sdk";

export interface Door {
  readonly account: Account;
  readonly onWelcome: (welcomed: readonly Welcomed[]) => void;
  readonly onProblem: (error: unknown) => void;
}

/** Lets those in who took up an invitation of this person; one look at a time, and one more if somebody knocked meanwhile. */
export class LettingIn {
  readonly #door: Door;
  #isLooking = false;
  #isWanted = false;

  constructor(door: Door) {
    this.#door = door;
  }

  look(): void {
    this.#isWanted = true;
    if (!this.#isLooking) void this.#run();
  }

  async #run(): Promise<void> {
    const { account, onWelcome, onProblem } = this.#door;
    this.#isLooking = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        const { claims } = await account.drive();
        const welcomed = await claims.settle({ onProblem });
        if (welcomed.length > 0) onWelcome(welcomed);
      }
    } catch (error) {
      onProblem(error);
    } finally {
      this.#isLooking = false;
    }
  }
}
