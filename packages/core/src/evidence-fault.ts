/** The first bad thing in a bundle, by name: `entry 17`, `checkpoint`, `evidence 3f…`. */
export interface EvidenceFault {
  readonly what: string
  readonly problem: string
}
