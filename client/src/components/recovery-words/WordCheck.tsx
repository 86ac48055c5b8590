import { type ReactNode, useMemo, useState } from "react";
import { useText } from "../../lib/text/index.ts";
import { Field } from "../controls/Field.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { Notice } from "../page/Notice.tsx";

const ASKED = 3;

/** Which words are asked for, in their order: others each time, so that nobody learns three by heart. */
export function drawPlaces(count: number, draw: (below: number) => number): number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  const drawn = Array.from(
    { length: Math.min(ASKED, count) },
    () => places.splice(draw(places.length), 1)[0] as number,
  );
  return drawn.sort((a, b) => a - b);
}

function drawBelow(limit: number): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] as number) % limit;
}

export interface WordCheckProps {
  readonly words: readonly string[];
  /** Once three of them were typed as they are. */
  readonly onRight: () => Promise<void>;
  /** What stands below the fields, with a button that submits. */
  readonly foot: (isWorking: boolean) => ReactNode;
}

/** Somebody who has saved the words can type three of them. */
export function WordCheck({ words, onRight, foot }: WordCheckProps) {
  const text = useText();
  const places = useMemo(() => drawPlaces(words.length, drawBelow), [words]);
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [isWrong, setWrong] = useState(false);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    const isRight = places.every((place) => typed[place]?.trim().toLowerCase() === words[place]);
    setWrong(!isRight);
    if (isRight) await onRight();
  });
  return (
    <form className="form" onSubmit={onSubmit}>
      {places.map((place) => (
        <Field
          key={place}
          label={text("words.word", { number: place + 1 })}
          value={typed[place] ?? ""}
          onValue={(word) => setTyped({ ...typed, [place]: word })}
          autoComplete="off"
          required
        />
      ))}
      {isWrong && <Notice kind="bad">{text("words.wrong")}</Notice>}
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      {foot(isWorking)}
    </form>
  );
}
