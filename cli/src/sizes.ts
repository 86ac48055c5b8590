import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Bytes as somebody types them: 500, 200K, 1.5 GiB. Throws InvalidArgumentError. */
export function parseSize(typed: string): number {
  const [, amount = "", unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?$/i.exec(typed.trim()) ?? [];
  const bytes = Math.floor(Number(amount) * (UNITS[unit.toLowerCase()] as number));
  if (amount === "" || bytes <= 0) throw new InvalidArgumentError("Write a size like 500M or 20G.");
  return bytes;
}

/** A whole number above zero. Throws InvalidArgumentError. */
export function parseCount(typed: string): number {
  const amount = Number(typed.trim());
  if (!/^\d{1,9}$/.test(typed.trim()) || amount < 1) throw new InvalidArgumentError("Write a number like 100.");
  return amount;
}
