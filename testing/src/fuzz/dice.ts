/** Chance that can be had again: everything a round does is drawn from the numbers of its seed. */
export class Dice {
  #state: number;

  constructor(seed: number, round: number) {
    this.#state = (Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) + Math.imul(round + 1, 0xc2b2_ae35)) >>> 0;
  }

  /** From 0 up to 1, without 1. */
  next(): number {
    // mulberry32: small, fast and even enough; not for secrets.
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to `limit`, without it. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new TypeError("There is nothing to choose from.");
    return choices[this.below(choices.length)] as T;
  }

  /** Some of the choices, at least one. */
  some<T>(choices: readonly T[]): T[] {
    const chosen = choices.filter(() => this.happens(0.5));
    return chosen.length > 0 ? chosen : [this.pick(choices)];
  }
}
