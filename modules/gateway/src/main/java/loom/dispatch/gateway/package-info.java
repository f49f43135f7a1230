/**
 * Discord's gateway as the application sees it: the shards, their configuration, and the values
 * that go in and out.
 *
 * <p>{@link loom.dispatch.gateway.Gateway} starts, watches and drains the shards. All other
 * packages of the module are internal.
 */
package loom.dispatch.gateway;
