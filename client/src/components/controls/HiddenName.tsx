/** Nobody sees it: password managers learn from it whose password a form is about. */
export function HiddenName({ name }: { readonly name: string }) {
  return (
    <input
      className="visually-hidden"
      name="username"
      value={name}
      autoComplete="username"
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
