/** Wire version this code speaks; older and newer are refused with a sentence that says which side to upgrade. */
export const API_VERSION = 1;

/** Version of the program, the same in every workspace (checked against package.json by a test). */
export const PROGRAM_VERSION = "0.1.0";
