import { useIonRouter } from "@ionic/react";
import { useMemo, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import type { SignedUp } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Steps } from "./Steps.tsx";

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

export interface CheckWordsProps {
  readonly made: SignedUp;
  readonly onBack: () => void;
}

export function CheckWords({ made, onBack }: CheckWordsProps) {
  const text = useText();
  const session = useSession();
  const router = useIonRouter();
  const { recoveryWords: words, outcome } = made;
  const places = useMemo(() => drawPlaces(words.length, drawBelow), [words]);
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [isWrong, setWrong] = useState(false);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    const isRight = places.every((place) => typed[place]?.trim().toLowerCase() === words[place]);
    setWrong(!isRight);
    if (!isRight) return;
    if (outcome === "open") await session.enter();
    else router.push("/sign-in", "root", "replace");
  });
  return (
    <CardPage title={text("words.checkTitle")} lead={text("words.checkLead")}>
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
        <Steps step={3}>
          <Button kind="ghost" onClick={onBack}>
            {text("words.lookAgain")}
          </Button>
          <Button kind="primary" type="submit" disabled={isWorking}>
            {text("words.check")}
          </Button>
        </Steps>
      </form>
    </CardPage>
  );
}
