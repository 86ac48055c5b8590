/** Unlocking by what a phone knows of its owner. */
export const guard = {
  title: "Face or fingerprint",
  lead: "This device opens your drive when it recognises you, after locking and at each start. Your password always does, too. When a face or a finger is added to the device, it stops working until you turn it on again.",
  unlock: "Unlock with face or fingerprint",
  orPassword: "or by your password",
} as const;

export const guardErrors = {
  guard_gone:
    "This device has nothing any more that opens your drive, perhaps because a face or a finger was added. Nothing was lost: use your password, and turn it on again in the settings.",
  guard_failed:
    "This device did not recognise you, or its key store cannot be used now. Nothing was changed; try again, or use your password.",
} as const;
