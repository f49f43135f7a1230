package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.wire.FaultState;

/** Holds what the thread of a client's connection needs of the simulator. */
public record ConnectionContext(
        SimulatorConfig config,
        SimulatedGateway gateway,
        ClientActionRecorder recorder,
        FaultState faults,
        OpenHandshakes handshakes,
        ClientRequestHandler requests) {}
