const SHAPES = {
  folder: "M3 7a2 2 0 0 1 2-2h4l2 2.4h8a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z",
  file: "M7 3h7l4 4v13a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v4h4",
  film: "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM10 9.5l5 2.5-5 2.5z",
  image:
    "M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8.500 10.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM3.500 17.500l5-5 4 4 3-3 5 5",
  music:
    "M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",
  trash: "M5 7h14M10 7V4.800h4V7M7 7l.8 12.200h8.400L17 7",
  up: "M12 19V6M6.500 11L12 5.500 17.500 11",
  down: "M12 5v13M6.500 13l5.500 5.500 5.500-5.500",
  plus: "M12 5v14M5 12h14",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  shield: "M12 3.500l7 2.500v5.500c0 4.200-2.800 7.200-7 9-4.200-1.800-7-4.800-7-9V6zM9 12l2.200 2.200L15.500 10",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.500l4.500 4.500L19 7.500",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  pencil: "M4 20l1-4.500L16.500 4l3.500 3.500L8.500 19zM14 6.500l3.500 3.500",
  restore: "M4 12a8 8 0 1 0 2.500-5.800M4 4v4.500h4.500",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  cloudOff: "M4 4l16 16M8 7.500A5.500 5.500 0 0 1 17 10a4 4 0 0 1 2.500 7M6.500 9.500A4.500 4.500 0 0 0 7 18.500h9",
} as const;

export type IconName = keyof typeof SHAPES;

/** A picture beside words: never the only thing that says something. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
