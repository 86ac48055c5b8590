/** The resources of the Android app that are drawn, not photographed: Android scales, masks and tints them itself. */

import type { Grounds, Mark } from "./mark.ts";

/** Of an adaptive icon, in dp: of 108 the middle 66 are seen whatever shape a launcher cuts. */
const SIDE = 108;
const MARK_SIDE = 32;
/** So that the corners of the mark stay within the middle. */
const SCALE = 2.2;
const HEAD = `<?xml version="1.0" encoding="utf-8"?>\n<!-- Written by npm run icons. -->\n`;

function vector(shapes: Mark["shapes"]): string {
  const shift = Number(((SIDE - MARK_SIDE * SCALE) / 2).toFixed(2));
  const paths = shapes.map(
    ({ outline, fill }) => `        <path android:fillColor="${fill}" android:pathData="${outline}" />\n`,
  );
  return `${HEAD}<vector xmlns:android="http://schemas.android.com/apk/res/android"
    android:width="${SIDE}dp"
    android:height="${SIDE}dp"
    android:viewportWidth="${SIDE}"
    android:viewportHeight="${SIDE}">
    <group android:scaleX="${SCALE}" android:scaleY="${SCALE}" android:translateX="${shift}" android:translateY="${shift}">
${paths.join("")}    </group>
</vector>
`;
}

function colours(named: Readonly<Record<string, string>>): string {
  const lines = Object.entries(named).map(([name, colour]) => `    <color name="${name}">${colour}</color>\n`);
  return `${HEAD}<resources>\n${lines.join("")}</resources>\n`;
}

/** By their paths in `res/`. */
export function androidResources(mark: Mark, grounds: Grounds): ReadonlyMap<string, string> {
  return new Map([
    ["drawable/mark.xml", vector(mark.shapes)],
    ["drawable/mark_monochrome.xml", vector(mark.shapes.map((shape) => ({ ...shape, fill: "#ffffff" })))],
    ["values/colors.xml", colours({ mark_ground: mark.ground, ground: grounds.light })],
    ["values-night/colors.xml", colours({ ground: grounds.dark })],
  ]);
}
