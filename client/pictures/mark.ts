/** The mark as shapes, and the colours of the pages: what pictures for systems are drawn from. */

import { readFile } from "node:fs/promises";
import path from "node:path";

const CLIENT = path.resolve(import.meta.dirname, "..");

export interface Shape {
  /** As in the attribute `d` of a path. */
  readonly outline: string;
  readonly fill: string;
}

export interface Mark {
  readonly svg: string;
  /** Of the square that it stands on. */
  readonly ground: string;
  /** What stands on it, from below to above, in a square of 32. */
  readonly shapes: readonly Shape[];
}

function attributes(element: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...element.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function numbers(values: Readonly<Record<string, string>>, ...names: readonly string[]): number[] {
  return names.map((name) => Number(values[name] ?? 0));
}

function outlineOf(name: string, values: Readonly<Record<string, string>>): string {
  if (name === "path") return values["d"] ?? "";
  if (name === "circle") {
    const [cx = 0, cy = 0, r = 0] = numbers(values, "cx", "cy", "r");
    return `M${cx - r} ${cy}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`;
  }
  const [x = 0, y = 0, width = 0, height = 0, r = 0] = numbers(values, "x", "y", "width", "height", "rx");
  const [across, down] = [width - 2 * r, height - 2 * r].map((side) => Number(side.toFixed(3)));
  const corner = (dx: number, dy: number): string => `a${r} ${r} 0 0 1 ${dx * r} ${dy * r}`;
  return `M${x + r} ${y}h${across}${corner(1, 1)}v${down}${corner(-1, 1)}h${-across!}${corner(-1, -1)}v${-down!}${corner(1, -1)}z`;
}

export async function readMark(): Promise<Mark> {
  const svg = await readFile(path.join(CLIENT, "public/mark.svg"), "utf8");
  const [ground, ...shapes] = [...svg.matchAll(/<(rect|circle|path)[^>]*>/g)].map(([element, name = ""]) => {
    const values = attributes(element);
    return { outline: outlineOf(name, values), fill: values["fill"] ?? "" };
  });
  if (ground === undefined) throw new Error("The mark has no ground.");
  return { svg, ground: ground.fill, shapes };
}

export interface Grounds {
  readonly light: string;
  readonly dark: string;
}

/** What pages stand on, by the tokens of the theme. */
export async function readGrounds(): Promise<Grounds> {
  const tokens = await readFile(path.join(CLIENT, "src/theme/tokens.css"), "utf8");
  const [light, dark] = [...tokens.matchAll(/--ground: (#[0-9a-f]{6});/g)].map(([, colour]) => colour);
  if (light === undefined || dark === undefined) throw new Error("tokens.css names no two grounds.");
  return { light, dark };
}
