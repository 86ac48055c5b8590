import { useText } from "../../lib/text/index.ts";
import "./Strength.css";

const FAIR_BITS = 45;
const STRONG_BITS = 70;
const SHORTEST = 10;

/** A guess at how many guesses it takes, in bits: kinds of characters, length, and little for what repeats. */
export function guessBits(password: string, name: string): number {
  const characters = [...password.normalize("NFKC")];
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
  const distinct = new Set(characters).size;
  const bits = Math.log2(10 + 16 * kinds) * Math.min(characters.length, distinct * 1.6) * 0.8;
  const isName = name !== "" && password.toLowerCase().includes(name.toLowerCase());
  return isName ? bits / 2 : bits;
}

/** How hard a new password is to guess, roughly. The rule that decides is the sdk's. */
export function Strength({ password, name }: { readonly password: string; readonly name: string }) {
  const text = useText();
  if (password === "") return null;
  const bits = guessBits(password, name);
  const level = password.length < SHORTEST || bits < FAIR_BITS ? "weak" : bits < STRONG_BITS ? "fair" : "strong";
  return (
    <p className={`strength strength-${level} faint`} aria-live="polite">
      <span className="strength-bar" aria-hidden="true" />
      {text("form.strength")}: {text(`form.${level}`)}
    </p>
  );
}
