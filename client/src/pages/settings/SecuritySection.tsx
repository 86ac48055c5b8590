import { GuardSetting } from "./GuardSetting.tsx";
import { Locking } from "./Locking.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { RecoveryWords } from "./RecoveryWords.tsx";
import { Sessions } from "./Sessions.tsx";

export function SecuritySection() {
  return (
    <>
      <PasswordForm />
      <RecoveryWords />
      <Sessions />
      <Locking />
      <GuardSetting />
    </>
  );
}
