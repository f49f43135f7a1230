/**
 * The HTTP side: routes, answers, the status page's files and the JSON of the status.
 *
 * <p>One virtual thread per request calls in.
 */
package loom.dispatch.metrics.http;
