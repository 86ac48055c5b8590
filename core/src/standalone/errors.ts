import { IntegrityError } from "../bytes/index.ts";

/**
 * None of the keys and passwords opens an entry. Which of the three reasons it is, nobody can tell: ask for the
 * password again, or for the right key file, before you call the file damaged.
 */
export class StandaloneKeyError extends IntegrityError {
  constructor() {
    super(
      "No key or password that was given opens the file: the password is wrong, the file is meant for somebody else, or its list of recipients was altered. The file was left as it is.",
      { code: "standalone_no_key" },
    );
  }
}

/** A key opened its entry, but the list of entries is not the one that was written. Do not use any of the file. */
export class StandaloneListError extends IntegrityError {
  constructor() {
    super(
      "The file's list of recipients was altered. Nothing was opened; get the file again from where it came from.",
      {
        code: "standalone_list_altered",
      },
    );
  }
}
