package loom.dispatch.simulator;

/** The parts of a running simulator that scripts and fault schedules read and control. */
public interface SimulatorControl {
    /** Returns the configuration that the simulator was started with. */
    SimulatorConfig config();

    /** Returns the generator of guild events. */
    EventGenerator events();

    /** Returns the faults that can be switched on and off. */
    Faults faults();

    /** Returns the record of all dispatched events. */
    EventLedger ledger();

    /** Returns the record of what clients did. */
    ClientActionRecorder recorder();

    /** Returns the number of sessions that can get events, connected or not. */
    int liveSessions();

    /** Returns the number of sessions with a connection. */
    long connectedShards();
}
