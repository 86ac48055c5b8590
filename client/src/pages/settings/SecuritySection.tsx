import { useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";
import { Locking } from "./Locking.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { Sessions } from "./Sessions.tsx";

export function SecuritySection() {
  const text = useText();
  return (
    <>
      <PasswordForm />
      <Group title={text("settings.security.words")} lead={text("settings.security.wordsLead")} />
      <Sessions />
      <Locking />
    </>
  );
}
