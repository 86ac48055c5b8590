import { join } from "node:path";
import type { Account } from "@excalibur/sdk";
import { Device } from "./device.ts";

/** What a person knows by heart or has on paper. */
export interface PersonFacts {
  readonly name: string;
  readonly password: string;
  readonly recoveryWords: string;
}

/** Somebody with an account, a laptop and a phone that are signed in, and as many more devices as the story needs. */
export class Person implements PersonFacts {
  readonly name: string;
  password: string;
  readonly recoveryWords: string;
  readonly laptop: Device;
  readonly phone: Device;
  readonly #own: (device: Device) => void;
  readonly #homes: string;
  readonly #server: string;

  constructor(
    facts: PersonFacts,
    place: {
      readonly laptop: Device;
      readonly phone: Device;
      readonly homes: string;
      readonly server: string;
      /** Who closes what this person switches on. */
      readonly own: (device: Device) => void;
    },
  ) {
    this.name = facts.name;
    this.password = facts.password;
    this.recoveryWords = facts.recoveryWords;
    this.laptop = place.laptop;
    this.phone = place.phone;
    this.#homes = place.homes;
    this.#server = place.server;
    this.#own = place.own;
  }

  /** A device on which nobody is signed in. */
  async newDevice(name: string, options: { readonly clockOffsetMs?: number } = {}): Promise<Device> {
    const device = await Device.switchOn({ home: join(this.#homes, name), server: this.#server, ...options });
    this.#own(device);
    return device;
  }

  /** A fresh device on which this person signs in. */
  async device(name: string, options: { readonly clockOffsetMs?: number } = {}): Promise<Device> {
    const device = await this.newDevice(name, options);
    await this.signIn(device, name);
    return device;
  }

  async signIn(device: Device, deviceName: string): Promise<Account> {
    const { name, password } = this;
    const account = await device.excalibur.signIn({ server: this.#server, name, password, deviceName, client: "cli" });
    device.use(account);
    return account;
  }
}
