package loom.dispatch.app.process;

/** The version of this build. */
public final class Version {
    public static final String TEXT = "loom-dispatch 0.1.0";

    private Version() {}
}
