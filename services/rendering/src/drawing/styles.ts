import type { FontName } from './fonts.ts'

export interface TextStyle {
  readonly font: FontName
  readonly size: number
  /** Height of a line. */
  readonly leading: number
  readonly color: string
}

/** Dark enough on white for AAA, and told apart by weight and size in greyscale as well. */
export const colors = { ink: '#1a1a1a', quiet: '#505050', accent: '#17405c', line: '#c3ccd3' }

export const styles = {
  overline: { font: 'semibold', size: 8.5, leading: 13, color: colors.accent },
  title: { font: 'semibold', size: 20, leading: 26, color: colors.ink },
  section: { font: 'semibold', size: 13, leading: 18, color: colors.accent },
  question: { font: 'semibold', size: 9.5, leading: 13.5, color: colors.ink },
  briefQuestion: { font: 'semibold', size: 9.5, leading: 15.5, color: colors.ink },
  answer: { font: 'regular', size: 10.5, leading: 15.5, color: colors.ink },
  unanswered: { font: 'regular', size: 10.5, leading: 15.5, color: colors.quiet },
  label: { font: 'regular', size: 8.5, leading: 12, color: colors.quiet },
  fact: { font: 'regular', size: 10, leading: 14, color: colors.ink },
  factStrong: { font: 'semibold', size: 10, leading: 14, color: colors.ink },
  columnHead: { font: 'semibold', size: 9, leading: 12.5, color: colors.ink },
  cell: { font: 'regular', size: 10, leading: 14, color: colors.ink },
  notice: { font: 'semibold', size: 10, leading: 14.5, color: colors.ink },
  foot: { font: 'regular', size: 8, leading: 11, color: colors.quiet },
  footStrong: { font: 'semibold', size: 8, leading: 11, color: colors.ink },
} as const satisfies Record<string, TextStyle>

/** Points; A4 is 595.28 × 841.89. */
export const margins = { top: 54, side: 62, bottom: 48 }
