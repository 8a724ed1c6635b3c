/**
 * Where an entry comes from: an HMAC by the gate under a key that is not in the database, so that
 * whoever can write to the database cannot write history.
 */
export interface MacKey {
  /** HMAC-SHA256 over the sequence (8 bytes, big-endian) and the leaf hash; 32 bytes. */
  readonly mac: (seq: number, leafHash: Uint8Array) => Uint8Array
}
