/** The sword in the stone. */
export function Mark({ size = 30 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="#2457d6" />
      <circle cx="16" cy="6.4" r="1.8" fill="#f1d488" />
      <path d="M15 7.8h2v3.8h-2z" fill="#fff" />
      <rect x="10.4" y="11.2" width="11.2" height="2.2" rx="1.1" fill="#f1d488" />
      <path d="M14.2 13.4h3.6v10h-3.6z" fill="#fff" />
      <path d="M6 27.4c1.2-3.6 4.8-5.6 10-5.6s8.8 2 10 5.6z" fill="#0f2c74" />
    </svg>
  );
}
