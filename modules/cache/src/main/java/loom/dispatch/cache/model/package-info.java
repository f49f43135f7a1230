/**
 * The objects that the state holds: their kinds, keys and the fields that consumers always find.
 *
 * <p>Values without I/O.
 */
package loom.dispatch.cache.model;
