/**
 * A simulated Discord for tests and the demo: REST API, gateway, fault injection and a ledger of
 * every dispatched event.
 *
 * <p>{@link loom.dispatch.simulator.Simulator} starts it. It uses no product module, so that a
 * shared bug cannot cancel out.
 */
package loom.dispatch.simulator;
