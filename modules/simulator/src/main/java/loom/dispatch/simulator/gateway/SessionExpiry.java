package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.wire.GatewayCloseCode;

import java.lang.System.Logger.Level;

/** Ends sessions nobody came back for and connections without heartbeats; a thread of its own. */
public final class SessionExpiry implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.simulator");

    /** Protocol 10.1, 21: how many intervals a client may stay silent. */
    private static final double TOLERANCE = 1.5;

    private final SimulatedGateway gateway;
    private final int missedHeartbeatCode;
    private final long tickMillis;
    private final Thread thread;

    public SessionExpiry(SimulatedGateway gateway, SimulatorConfig config) {
        this.gateway = gateway;
        missedHeartbeatCode = config.missedHeartbeatCode();
        tickMillis = Math.clamp(config.heartbeatInterval().toMillis() / 10, 10, 1_000);
        thread = Thread.ofVirtual().name("simulator-housekeeping").start(this::run);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        while (true) {
            try {
                Thread.sleep(tickMillis);
                gateway.sweep();
                if (missedHeartbeatCode >= 0) {
                    gateway.connections().forEach(this::check);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "housekeeping.failed", e);
            }
        }
    }

    private void check(ConnectionWriter connection) {
        boolean missed = connection.record().currentGap().orElse(0) > TOLERANCE;
        if (missed && !connection.closing()) {
            if (missedHeartbeatCode == 0) {
                connection.cut();
            } else {
                connection.close(missedHeartbeatCode, GatewayCloseCode.SESSION_TIMED_OUT.reason());
            }
        }
    }
}
