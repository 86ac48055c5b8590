import { useState } from "react";
import type { SignedUp } from "../../lib/session/index.ts";
import { AccountForm } from "./AccountForm.tsx";
import { CheckWords } from "./CheckWords.tsx";
import { ShowWords } from "./ShowWords.tsx";

interface Made extends SignedUp {
  readonly name: string;
}

/** Three steps: the account, the words, the check that they were saved. Only then the drive opens. */
export function SignUpPage() {
  const [made, setMade] = useState<Made>();
  const [isChecking, setChecking] = useState(false);
  if (made === undefined) return <AccountForm onMade={setMade} />;
  if (isChecking) return <CheckWords made={made} onBack={() => setChecking(false)} />;
  return <ShowWords made={made} onSaved={() => setChecking(true)} />;
}
