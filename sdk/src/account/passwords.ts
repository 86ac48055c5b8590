import { type PasswordProblem, WeakPasswordError } from "./errors.ts";

const SHORTEST = 10;
const LONGEST = 1000;
const FEWEST_CHARACTERS = 4;

/** The most common passwords of ten characters and more, from public lists of leaked ones. */
const COMMON = new Set(
  `0123456789 0987654321 1111122222 1122334455 1212121212 1231231231 12312312312 123123123123 1234512345 1234554321
  123456123456 1234567890 12345678901 123456789012 1234567890123 1234567891 12345678910 123456789a 123456789q
  123456789z 1234567899 12345qwert 123qweasdzxc 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc 3rjs1la7qe
  9876543210 a123456789 aa123456789 abc1234567 abcd123456 abcd1234567 abcdefghij abcdefghijk administrator
  alexander1 asdfghjkl1 asdfghjkl123 asdfghjkl; baseball123 basketball basketball1 bismillah123 changeme123
  charlie123 christopher computer123 dragon12345 elizabeth1 excalibur1 excalibur123 facebook123 football12
  football123 googledummy hallo12345 hello12345 hello123456 iloveyou12 iloveyou123 iloveyou1234 iloveyouforever
  j38ifubn letmein123 letmein1234 liverpool1 liverpoolfc manchester manchester1 master12345 michael123 minecraft1
  minecraft123 mypassword mypassword1 myspace123 p@ssw0rd12 p@ssw0rd123 p@ssword123 pa55word123 passw0rd12
  passw0rd123 password01 password10 password11 password12 password123 password1234 password12345 password123456
  password2020 password2021 password2022 password2023 password2024 password2025 password2026 passwordpassword
  passwort12 passwort123 passwort1234 pokemon123 princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedc1 qazwsxedcrfv
  qwe123qwe123 qwer123456 qwerqwer1234 qwert12345 qwerty1234 qwerty12345 qwerty123456 qwertyqwerty qwertyuiop
  qwertyuiop1 qwertyuiop123 qwertyuiop[] samsung123 sunshine12 sunshine123 superman123 thisisapassword unknown123
  welcome123 welcome1234 whatever123 youtube123 zaq12wsxcde3 zxcvbnm123 zxcvbnm1234 zxcvbnm,./`.split(/\s+/),
);

/** Which rule a new password breaks. Lengths are code points after NFKC (spec/sign-in.md). The server never sees a password, so only the client can say. */
export function passwordProblem(password: string, userName: string): PasswordProblem | undefined {
  const normal = password.normalize("NFKC");
  const characters = [...normal];
  if (characters.length < SHORTEST) return "too_short";
  if (characters.length > LONGEST) return "too_long";
  const folded = normal.toLowerCase();
  if (folded === userName.toLowerCase()) return "is_name";
  if (new Set(characters).size < FEWEST_CHARACTERS) return "few_characters";
  return COMMON.has(folded) ? "common" : undefined;
}

export function demandGoodPassword(password: string, userName: string): void {
  const problem = passwordProblem(password, userName);
  if (problem !== undefined) throw new WeakPasswordError(problem);
}
