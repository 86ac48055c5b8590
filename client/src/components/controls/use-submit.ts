import { type FormEvent, useState } from "react";
import { errorText } from "../../lib/text/index.ts";

export interface Submit {
  readonly isWorking: boolean;
  /** Of the last attempt, in the person's language. */
  readonly problem: string | undefined;
  readonly onSubmit: (event: FormEvent) => void;
}

/** A form that does one thing at a time and says in place why it could not. */
export function useSubmit(work: () => Promise<void>): Submit {
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async (): Promise<void> => {
    setWorking(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setWorking(false);
    }
  };
  return {
    isWorking,
    problem,
    onSubmit: (event) => {
      event.preventDefault();
      if (!isWorking) void run();
    },
  };
}
