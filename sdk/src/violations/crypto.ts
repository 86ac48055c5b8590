/** The only file of this room that touches keys: it names their errors. */

export { CacheRecordError, EnvelopeError } from "@excalibur/core/keys";
