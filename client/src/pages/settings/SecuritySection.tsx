import { Locking } from "./Locking.tsx";
import { NewWords } from "./NewWords.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { Sessions } from "./Sessions.tsx";

export function SecuritySection() {
  return (
    <>
      <PasswordForm />
      <NewWords />
      <Sessions />
      <Locking />
    </>
  );
}
