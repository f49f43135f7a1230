package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.wire.GatewayCloseCode;

import java.lang.System.Logger.Level;

/** Ends expired sessions and closes connections without heartbeats, on its own thread. */
public final class SessionExpiry implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.simulator");

    /**
     * The heartbeat intervals without a heartbeat after which a connection is closed (protocol
     * section 10.1, 21).
     */
    private static final double TOLERANCE = 1.5;

    private final SimulatedGateway gateway;
    private final int missedHeartbeatCode;
    private final long tickMillis;
    private final Thread thread;

    public SessionExpiry(SimulatedGateway gateway, SimulatorConfig config) {
        this.gateway = gateway;
        missedHeartbeatCode = config.missedHeartbeatCode();
        tickMillis = Math.clamp(config.heartbeatInterval().toMillis() / 10, 10, 1_000);
        thread = Thread.ofVirtual().name("simulator-expiry").start(this::run);
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
                LOG.log(Level.ERROR, "session_expiry.failed", e);
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
