/** Our own glyphs, drawn with presentation attributes: a style attribute would break the policy. */
import type { ReactElement } from 'react'

export type IconName = keyof typeof SHAPES

export function Icon(props: { readonly name: IconName; readonly size?: number }): ReactElement {
  const { name, size = 16 } = props
  const box = name === 'warn' ? '0 0 20 20' : name === 'logo' ? '0 0 22 22' : '0 0 16 16'
  return (
    <svg width={size} height={size} viewBox={box} fill="none" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  )
}

const line = (d: string, width = 1.5) => (
  <path
    d={d}
    stroke="currentColor"
    strokeWidth={width}
    strokeLinecap="round"
    strokeLinejoin="round"
  />
)
const ring = (radius: number, dash?: string) => (
  <circle
    cx="8"
    cy="8"
    r={radius}
    stroke="currentColor"
    strokeWidth="1.5"
    {...(dash === undefined ? {} : { strokeDasharray: dash })}
  />
)

const SHAPES = {
  minus: line('M3.5 8h9', 2),
  replace: line('M4 12h8M4 5.5h8M8 1.5v8', 1.8),
  tilde: line('M3 9.2c1.2-2.6 3-2.6 5-1.2s3.8 1.4 5-1.2', 1.8),
  plus: line('M8 3.5v9M3.5 8h9', 1.8),
  leave: line('M13 8H5M8 4.5L4.5 8L8 11.5M3 3.5v9', 1.7),
  enter: line('M3 8h8M8 4.5L11.5 8L8 11.5M13 3.5v9', 1.7),
  arrow: line('M3 8h9M9 4.5L12.5 8L9 11.5', 1.7),
  dot: <circle cx="8" cy="8" r="1.7" fill="currentColor" />,
  question: (
    <>
      {line('M5.8 6.2C5.8 4.8 6.7 4 8 4s2.2.8 2.2 2c0 1.6-2.2 1.7-2.2 3.3', 1.6)}
      <circle cx="8" cy="12" r="1" fill="currentColor" />
    </>
  ),
  logo: (
    <>
      <rect x="1" y="1" width="20" height="20" rx="5.5" fill="currentColor" />
      <path d="M7 6v10M15 6v10M7 11h8" strokeWidth="2.2" strokeLinecap="round" />
    </>
  ),
  hold: (
    <>
      {ring(6)}
      {line('M6.3 5.8v4.4M9.7 5.8v4.4', 1.6)}
    </>
  ),
  check: line('M3.5 8.4l3 3 6-6.6', 1.8),
  good: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path
        d="M4.9 8.2l2.2 2.2 4-4.5"
        stroke="var(--surface)"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  open: ring(6.2, '2.6 2.27'),
  warn: (
    <>
      <path
        d="M10 2.4l8.3 14.8H1.7z"
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
      <path d="M10 7.6v4.2" stroke="var(--delete-bg)" strokeWidth="1.9" strokeLinecap="round" />
      <circle cx="10" cy="14.5" r="1.1" fill="var(--delete-bg)" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" stroke="currentColor" strokeWidth="1.5" />
      {line('M5.5 7V5.3a2.5 2.5 0 015 0V7')}
    </>
  ),
  clock: (
    <>
      {ring(6)}
      {line('M8 4.8V8l2.2 1.5')}
    </>
  ),
  person: (
    <>
      <circle cx="6.3" cy="5" r="2.7" stroke="currentColor" strokeWidth="1.5" />
      {line('M1.8 13.2c.4-2.6 2.2-4 4.5-4 .8 0 1.6.2 2.3.6')}
      <circle cx="11.8" cy="8.6" r="1.9" stroke="currentColor" strokeWidth="1.4" />
      {line('M11.8 10.5v4')}
    </>
  ),
  inbox: line(
    'M2.5 9l1.7-5.3h7.6L13.5 9v3.5h-11zM2.5 9h3.2c.2 1.2 1 1.9 2.3 1.9S10.1 10.2 10.3 9h3.2',
    1.4,
  ),
  log: (
    <>
      <circle cx="8" cy="3.3" r="1.6" stroke="currentColor" strokeWidth="1.3" />
      <circle cx="4" cy="12.5" r="1.6" stroke="currentColor" strokeWidth="1.3" />
      <circle cx="12" cy="12.5" r="1.6" stroke="currentColor" strokeWidth="1.3" />
      {line('M8 5v2.5M4 10.8V8.5c0-.6.4-1 1-1h6c.6 0 1 .4 1 1v2.3', 1.3)}
    </>
  ),
  lines: line('M2.5 4h11M2.5 8h11M2.5 12h7', 1.4),
  cube: line('M8 1.8l5.5 3.100v6.200L8 14.200l-5.5-3.100V4.900zM2.7 5L8 8l5.3-3M8 8v6', 1.3),
  bars: line('M3 13V8.500M8 13V3M13 13V6.5', 1.8),
  people: (
    <>
      <circle cx="6" cy="5.2" r="2.5" stroke="currentColor" strokeWidth="1.4" />
      {line('M1.7 13c.3-2.5 2-3.8 4.3-3.800s4 1.3 4.3 3.8', 1.4)}
      {line('M10.5 2.900a2.5 2.5 0 010 4.600M12.2 9.600c1.2.6 1.9 1.7 2.1 3.4', 1.4)}
    </>
  ),
  sliders: (
    <>
      {line('M2 5h6.500M12.5 5H14M2 11h1.500M7.5 11H14', 1.4)}
      <circle cx="10.5" cy="5" r="1.8" stroke="currentColor" strokeWidth="1.4" />
      <circle cx="5.5" cy="11" r="1.8" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  more: (
    <>
      <circle cx="3" cy="8" r="1.3" fill="currentColor" />
      <circle cx="8" cy="8" r="1.3" fill="currentColor" />
      <circle cx="13" cy="8" r="1.3" fill="currentColor" />
    </>
  ),
  key: (
    <>
      <circle cx="5" cy="8" r="2.9" stroke="currentColor" strokeWidth="1.4" />
      {line('M7.900 8H14M11.5 8v2.6', 1.4)}
    </>
  ),
  next: line('M6 4l4 4-4 4'),
  down: line('M4 6l4 4 4-4'),
  back: line('M9.5 3.5L5 8l4.5 4.5', 1.7),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" stroke="currentColor" strokeWidth="1.5" />
      {line('M10.3 10.3L13.5 13.5')}
    </>
  ),
  robot: (
    <>
      <rect x="3" y="5" width="10" height="7.5" rx="2" stroke="currentColor" strokeWidth="1.4" />
      {line('M8 5V2.8M6 8.3v1M10 8.3v1', 1.4)}
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" stroke="currentColor" strokeWidth="1.5" />
      {line(
        'M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1',
      )}
    </>
  ),
  moon: line('M12.8 9.8A5.4 5.4 0 016.2 3.2a5.4 5.4 0 106.6 6.6z'),
  keyboard: (
    <>
      <rect
        x="1.5"
        y="4"
        width="13"
        height="8.5"
        rx="1.5"
        stroke="currentColor"
        strokeWidth="1.4"
      />
      {line('M4.3 6.8h.1M7 6.8h.1M9.7 6.8h.1M11.7 6.8h.1M5 9.8h6', 1.5)}
    </>
  ),
  out: line('M9.5 3H3.5v10h6M7 8h7M11.5 5.5L14 8l-2.5 2.5', 1.5),
} as const
