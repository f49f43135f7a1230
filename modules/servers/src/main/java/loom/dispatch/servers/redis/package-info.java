/**
 * Redis servers, clusters and Sentinel groups as processes or containers.
 *
 * <p>The test that starts a server owns it.
 */
package loom.dispatch.servers.redis;
