/** The time for texts that grow old: it ticks by the minute, by the second only near an end. */
import { useEffect, useState } from 'react'
import { type Moment, nextTickMs } from '../model/time.ts'

export function useMoment(until: number | null = null): Moment {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), nextTickMs(until, now))
    return () => clearTimeout(timer)
  }, [until, now])
  return { now }
}
