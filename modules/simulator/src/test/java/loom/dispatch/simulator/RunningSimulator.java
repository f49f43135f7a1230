package loom.dispatch.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Starts a simulator and turns the checked exception into an unchecked one. */
public final class RunningSimulator {
    private RunningSimulator() {}

    public static Simulator with(SimulatorConfig config) {
        try {
            return Simulator.start(config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
