import { type Bytes, hex } from "../../foundations/bytes.ts";
import { encode, type Value } from "../../foundations/cbor.ts";
import { encodePageContent, type PageIdentity, readPageContent } from "../../volume/entries.ts";
import type { Case } from "../vector-file.ts";
import {
  A,
  B,
  C,
  changed,
  EVERYTHING,
  file,
  folder,
  IN_FOLDER,
  IN_ROOT,
  id,
  manyEntries,
  mount,
  PARENT,
  pageJson,
  ROOT,
  VOLUME_ID,
  WHOLE,
} from "./page-samples.ts";

function contentCase(name: string, page: PageIdentity, plaintext: Bytes): Case {
  const content = readPageContent(plaintext, page);
  return {
    name,
    ...pageJson(page),
    plaintext: hex(plaintext),
    entries: content.entries.map((entry) => ({
      childId: hex(entry.get(1) as Uint8Array),
      type: entry.get(2) as number,
      name: entry.get(3) as string,
    })),
    ...(content.parentNodeId === undefined
      ? {}
      : { parentNodeId: content.parentNodeId ? hex(content.parentNodeId) : null }),
    ...(content.trashNodeId ? { trashNodeId: hex(content.trashNodeId) } : {}),
    ...(content.label === undefined ? {} : { label: content.label }),
    ...(content.singleFile ? { singleFile: true } : {}),
  };
}

export function contentCases(): Case[] {
  const half: PageIdentity = { ...IN_FOLDER, bitsLength: 1, bits: 0x8000 };
  const deepest: PageIdentity = { ...IN_FOLDER, bitsLength: 16, bits: 0x1234 };
  const oldTime = folder(A, [[5, -86_400_000]]);
  return [
    contentCase("an empty folder", IN_FOLDER, encodePageContent([], PARENT)),
    contentCase("an empty root", IN_ROOT, encodePageContent([], ROOT)),
    contentCase("a root with a label", IN_ROOT, encodePageContent([], { ...ROOT, label: "Holidays" })),
    contentCase(
      "the root of a volume that shares one file",
      IN_ROOT,
      encodePageContent([file(A, "a.txt", 10)], { ...ROOT, label: "a.txt", singleFile: true }),
    ),
    contentCase("a mount that stands for a file", IN_FOLDER, encodePageContent([mount(A, [[3, 1]])], PARENT)),
    contentCase(
      "folder, file with everything, mount, and an unknown type",
      IN_FOLDER,
      encodePageContent(EVERYTHING, PARENT),
    ),
    contentCase("an empty file", IN_FOLDER, encodePageContent([file(A, "empty", 0)], PARENT)),
    contentCase("the upper half of a folder", half, encodePageContent([folder(C)])),
    contentCase("an empty upper half", half, encodePageContent([])),
    contentCase(
      "the lower half, which carries the folder",
      { ...IN_FOLDER, bitsLength: 1 },
      encodePageContent([folder(A)], PARENT),
    ),
    contentCase("a page of 16 bits", deepest, encodePageContent([folder(id(0x12, 0x34))])),
    contentCase("256 entries", IN_FOLDER, encodePageContent(manyEntries(256, WHOLE), PARENT)),
    contentCase("modified before 1970", IN_FOLDER, encodePageContent([oldTime], PARENT)),
    contentCase(
      "a name that a writer refuses is read",
      IN_FOLDER,
      encodePageContent([folder(A, [[3, "../\u202efdp.exe"]])], PARENT),
    ),
    contentCase("an empty name is read", IN_FOLDER, encodePageContent([folder(A, [[3, ""]])], PARENT)),
    contentCase("a name twice is read", IN_FOLDER, encodePageContent([folder(A), folder(B)], PARENT)),
    contentCase(
      "unknown keys from 64 on",
      IN_FOLDER,
      encode(
        changed(
          new Map<number, Value>([
            [
              1,
              [
                folder(A, [
                  [64, 1],
                  [1000, null],
                ]),
              ],
            ],
            [2, VOLUME_ID],
            [3, new Map([[70, 1]])],
          ]),
          [[64, []]],
        ),
      ),
    ),
  ];
}
