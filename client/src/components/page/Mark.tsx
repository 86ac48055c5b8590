/** The sword in the stone. */
export function Mark({ size = 30 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="#2457d6" />
      <path d="M16 4.6l1.7 2.6v10.2h-3.4V7.2z" fill="#fff" />
      <path d="M11.2 17.4h9.6v1.9h-9.6z" fill="#f1d488" />
      <path d="M15 19.3h2v3h-2z" fill="#fff" />
      <path d="M6.5 27.4c1.200-3.400 4.600-5.400 9.500-5.400s8.300 2 9.500 5.400z" fill="#0f2c74" />
    </svg>
  );
}
