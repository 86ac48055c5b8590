import { BadNameError } from "./errors.ts";

/** The parts of a path below the root: "/photos//2024/" → ["photos", "2024"], in Unicode form C. */
export function parsePath(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    throw new BadNameError("dots", "Paths on the drive begin at its root and cannot step up with “..”.");
  }
  return parts.map((part) => part.normalize("NFC"));
}
