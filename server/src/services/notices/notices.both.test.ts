import { expect, it } from "vitest";
import { insertNotices, type Notice } from "../../db/stores/notices.ts";
import { testDatabase } from "../../testing/index.ts";
import { createNotices } from "./notices.ts";

const ended = (subject: string): Notice => ({ kind: "session-ended", subject });
const DAY_MS = 86_400_000;

it("notices are delivered once, in order, from when a server began, whatever the listener does", async () => {
  await using test = await testDatabase();
  const leave = (subjects: string[], nowMs = 1) =>
    test.database.write((tx) => insertNotices(tx, subjects.map(ended), nowMs));
  const heard: string[] = [];
  const failed: unknown[] = [];
  const notices = createNotices({
    database: test.database,
    deliver: ({ subject }) => {
      heard.push(subject);
      if (subject === "b") throw new RangeError("not today");
    },
    report: (error) => void failed.push(error),
  });
  await leave(["before"]);
  await notices.begin();
  await notices.look();
  await leave(["a", "b"]);
  await leave(["c"]);
  await notices.look();
  await notices.look();
  expect(heard).toEqual(["a", "b", "c"]);
  expect(failed).toHaveLength(1);

  const many = Array.from({ length: 1_201 }, (_, n) => `n${n}`);
  for (let at = 0; at < many.length; at += 200) await leave(many.slice(at, at + 200));
  await Promise.all([notices.look(), notices.look()]);
  expect(heard.slice(3)).toEqual(many);
  await notices.close();
});

it("old notices are forgotten and their numbers are not given out again", async () => {
  await using test = await testDatabase();
  const leave = (subject: string, nowMs: number) =>
    test.database.write((tx) => insertNotices(tx, [ended(subject)], nowMs));
  for (const subject of ["a", "b", "c"]) await leave(subject, 1);
  const heard: string[] = [];
  const notices = createNotices({
    database: test.database,
    deliver: ({ subject }) => void heard.push(subject),
    report: (error) => {
      throw error;
    },
  });
  await notices.begin();
  await leave("d", 2 * DAY_MS);
  const rows = await test.database.read
    .selectFrom("notices")
    .select(["notice_id", "subject"])
    .orderBy("notice_id")
    .execute();
  expect(rows).toEqual([
    { notice_id: 3, subject: "c" },
    { notice_id: 4, subject: "d" },
  ]);
  await notices.look();
  expect(heard).toEqual(["d"]);
  await notices.close();
});

it("notices of commands at once are all delivered", async () => {
  await using test = await testDatabase();
  const heard: string[] = [];
  const notices = createNotices({
    database: test.database,
    deliver: ({ subject }) => void heard.push(subject),
    report: (error) => {
      throw error;
    },
  });
  await notices.begin();
  const subjects = Array.from({ length: 8 }, (_, n) => `s${n}`);
  await Promise.all(subjects.map((subject) => test.database.write((tx) => insertNotices(tx, [ended(subject)], 1))));
  await notices.look();
  expect(heard.sort()).toEqual(subjects);
  await notices.close();
});
