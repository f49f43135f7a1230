/**
 * The objects that the state holds: their kinds, their keys, the default fields, and the editing of
 * JSON objects. No I/O.
 */
package loom.dispatch.cache.model;
