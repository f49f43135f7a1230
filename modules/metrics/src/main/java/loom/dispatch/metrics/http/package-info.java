/**
 * HTTP routes, responses, the status page's files and the JSON of the status.
 *
 * <p>{@link loom.dispatch.metrics.HttpEndpoint} calls this package on one virtual thread per
 * request.
 */
package loom.dispatch.metrics.http;
