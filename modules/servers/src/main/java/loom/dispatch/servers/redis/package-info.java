/**
 * Redis servers, clusters and Sentinel groups as processes or containers.
 *
 * <p>{@code Servers} and tests call in. The thread of the test that starts a server owns it.
 */
package loom.dispatch.servers.redis;
