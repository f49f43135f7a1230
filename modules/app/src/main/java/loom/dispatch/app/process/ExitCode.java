package loom.dispatch.app.process;

/** The exit codes that scripts and supervisors may rely on. */
public enum ExitCode {
    /** The drain was complete: everything received is settled. */
    CLEAN(0),
    /** An unexpected error, or an incomplete drain. */
    FAILED(1),
    /** The configuration is invalid. */
    CONFIGURATION(2),
    /** Discord refuses permanently: token, intents or shards. */
    DISCORD_REFUSED(3),
    /**
     * RabbitMQ or Redis can never work as configured: credentials, or a queue with other arguments.
     */
    TOPOLOGY(4),
    /** The audit found differences between sets and objects. */
    DRIFT(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
