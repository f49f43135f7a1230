package loom.dispatch.app.process;

/** The exit codes that scripts and supervisors may rely on. */
public enum ExitCode {
    /** Drained: everything received is settled. */
    CLEAN(0),
    /** Anything else went wrong. */
    FAILED(1),
    /** The configuration is wrong. */
    CONFIGURATION(2),
    /** Discord refused for good: token, intents, shards. */
    DISCORD_REFUSED(3),
    /** A store's topology makes it impossible. */
    TOPOLOGY(4),
    /** An audit found indexes and objects that disagree. */
    DRIFT(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
