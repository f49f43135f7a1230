/**
 * TLS and trust for Discord's REST API and gateway, loaded when they are first needed.
 *
 * <p>The main thread calls it at the start.
 */
package loom.dispatch.gateway.rest;
