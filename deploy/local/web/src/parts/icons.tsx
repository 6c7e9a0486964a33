const paths = {
  document: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1-4 4-6 7.5-6s6.500 2 7.500 6',
  eye: 'M2.500 12s3.500-6.500 9.500-6.500 9.500 6.500 9.500 6.500-3.500 6.500-9.500 6.500S2.500 12 2.500 12zM12 14.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600z',
  send: 'M21 3 10 14M21 3l-7 18-4-7-7-4z',
  route:
    'M5 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM19 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 18h8a3.500 3.500 0 0 0 0-7H9a2.500 2.500 0 0 1 0-5h8',
  warning: 'M12 3.500 22 20.500H2zM12 10v5M12 17.800v.2',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v6M12 7.500v.2',
  check: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.500l2.800 2.800L16.200 9.500',
  back: 'M15 5l-7 7 7 7',
  undo: 'M9 7l-5 5 5 5M4 12h10a6 6 0 0 1 6 6v1',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
} as const
export type IconName = keyof typeof paths

/** Beside words that say the same: screen readers pass it over. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
)
