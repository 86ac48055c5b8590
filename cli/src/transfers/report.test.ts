import { IntegrityError } from "@excalibur/core/bytes";
import { NameTakenError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { EXIT } from "../terminal/failure.ts";
import { Output } from "../terminal/output.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { Report } from "./report.ts";

function told(report: Report, flags: { json?: boolean; quiet?: boolean } = {}): string[] {
  const lines: string[] = [];
  const terminal = { complain: (line: string) => void lines.push(line) } as unknown as Terminal;
  report.tell(new Output(terminal, flags));
  return lines;
}

describe("a report", () => {
  it("counts and lists for machines", () => {
    const report = new Report();
    report.fail("/a", new NameTakenError());
    report.ignore("/b", "a link");
    report.rename("/c", "d");
    expect(report.document()).toEqual({
      failed: 1,
      failures: [{ path: "/a", code: "name_taken", message: expect.any(String) as unknown }],
      ignored: [{ path: "/b", reason: "a link" }],
      renamed: [{ path: "/c", name: "d" }],
    });
    expect(told(report, { json: true })).toEqual([]);
  });

  it("ends with 1 when something failed, and with 3 when anything was tampered with", () => {
    const report = new Report();
    expect(report.exitCode).toBe(EXIT.ok);
    report.fail("/a", new IntegrityError("x"));
    report.fail("/b", new NameTakenError());
    expect(report.exitCode).toBe(EXIT.integrity);
  });

  it("tells people one trouble of many files once, and shows no control characters", () => {
    const report = new Report();
    for (let file = 0; file < 30; file++) report.fail(`/f${file}`, new NameTakenError());
    report.fail("/\u001b[2J", new IntegrityError("x"));
    const lines = told(report);
    expect(lines[0]).toMatch(/^30 items: .*\(name_taken\)$/);
    expect(lines).toHaveLength(1 + 20 + 1 + 1 + 1);
    expect(lines.at(-2)).toBe("/\\u{1b}[2J: x (integrity)");
  });

  it("says once what an integrity violation is and what to do, also when it is to be quiet", () => {
    const report = new Report();
    report.fail("/a", new NameTakenError());
    expect(told(report).join("\n")).not.toContain("integrity violation");
    for (const path of ["/b", "/c"]) report.fail(path, new IntegrityError("x"));
    expect(told(report, { quiet: true }).join("\n").split("integrity violation")).toHaveLength(2);
    expect(told(report, { json: true })).toEqual([]);
  });

  it("lists a thousand and counts the rest", () => {
    const report = new Report();
    for (let file = 0; file < 1_200; file++) report.fail(`/f${file}`, new NameTakenError());
    expect(report.document()["failed"]).toBe(1_200);
    expect(report.document()["failures"]).toHaveLength(1_000);
    expect(told(report).at(-1)).toBe("… and 200 more failures");
  });

  it("is quiet about what went as wanted, never about failures", () => {
    const report = new Report();
    report.ignore("/b", "a link");
    report.fail("/a", new NameTakenError());
    expect(told(report, { quiet: true })).toHaveLength(1);
  });
});
