/**
 * JSON objects and arrays as ranges of bytes: values are copied as they are and never parsed into
 * trees.
 *
 * <p>Used by the thread that applies a batch.
 */
package loom.dispatch.cache.json;
