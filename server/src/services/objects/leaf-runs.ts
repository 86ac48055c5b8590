/**
 * Leaves are kept in runs of this many (32 KiB, for 256 MiB of ciphertext): a power of two, so that every full run is a
 * subtree of the object's Merkle tree and a proof takes its hash instead of hashing its leaves.
 */
export const leavesPerRun = 1024;
