/**
 * The life of the service: connects the stores, takes the lease, resumes the shards, runs and
 * drains.
 *
 * <p>The main thread runs it.
 */
package loom.dispatch.app.run;
