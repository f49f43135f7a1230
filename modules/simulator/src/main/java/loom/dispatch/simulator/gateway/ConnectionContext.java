package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.wire.FaultState;

/** The simulator parts that the thread of a client's connection uses. */
public record ConnectionContext(
        SimulatorConfig config,
        SimulatedGateway gateway,
        ClientActionRecorder recorder,
        FaultState faults,
        OpenHandshakes handshakes,
        ClientRequestHandler requests) {}
