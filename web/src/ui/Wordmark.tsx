export const Wordmark = ({ large = false }: { large?: boolean }) => (
  <span className="wordmark" data-large={large}>
    <svg viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke="currentColor" strokeLinecap="round">
      <circle cx="16" cy="16" r="13" strokeWidth="1.6" strokeDasharray="21 6.2" />
      <circle cx="16" cy="16" r="7.5" strokeWidth="1.2" opacity="0.65" />
      <circle cx="16" cy="16" r="3" fill="currentColor" stroke="none" />
    </svg>
    <span>JARVIS</span>
  </span>
)
