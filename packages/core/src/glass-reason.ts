/** Shorter is no reason to pass everybody by. Asked for at the door: the log holds a digest. */
export const GLASS_REASON_CHARACTERS_MIN = 20
