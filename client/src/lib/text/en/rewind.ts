/** Bringing a folder back to a moment. */
export const rewind = {
  menu: "Rewind this folder…",
  title: "Rewind “{{name}}”",
  lead: "Names, places and contents of everything in it become what they were. First you see what would change. Nothing is lost by it: what came since goes to the trash, what was replaced stays as an earlier version, and you can undo it.",
  when: "To how it was",
  hour: "An hour ago",
  day: "A day ago",
  week: "A week ago",
  other: "At another time",
  moment: "Day and time",
  look: "Show what would change",
  looking: "Looking…",
  back: "Back",
  nothing: "Since {{date}} nothing was changed here that could be taken back.",
  willDo: "As it was {{date}}:",
  list: "What would change",
  more_one: "and {{count, number}} more",
  more_other: "and {{count, number}} more",
  does: {
    trash: "came since: goes to the trash",
    comeBack: "comes back",
    content: "gets its earlier content",
    place: "is {{to}} again",
  },
  lost: {
    listing: "What was listed here then is no longer kept; it stays as it is.",
    content: "The content of then is no longer kept.",
    newer_version: "Made by a newer version of Excalibur; it stays as it is.",
    shared: "It was shared then, and what was in it was never a part of this folder's history.",
  },
  left: {
    shared: "is shared: it stays as it is, for everybody who is in it, and is rewound by itself",
    shared_inside: "came since, but something inside is shared: it stays as it is",
    was_shared: "was shared then: what is in it stays as it is",
  },
  withoutLost: "Go on without what is no longer kept",
  run_one: "Take back {{count, number}} change",
  run_other: "Take back {{count, number}} changes",
  done: "“{{name}}” is as it was {{date}}.",
} as const;

export const rewindErrors = {
  moment_gone:
    "The folder was not there at that time, or nothing is kept of how it was. Nothing was changed; choose a later time.",
  rewind_around:
    "A folder that was inside this one then holds it now, so it cannot be put back. Nothing was changed; move this folder out of it first.",
  rewind_incomplete:
    "Some of how the folder was is no longer kept. Nothing was changed; choose a later time, or go on without.",
  rewind_outdated: "The folder was changed meanwhile, so nothing was done to it. Look again at what would change.",
} as const;
