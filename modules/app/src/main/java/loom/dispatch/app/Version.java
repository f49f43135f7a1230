package loom.dispatch.app;

/** The version of this build. */
final class Version {
    static final String TEXT = "loom-dispatch 0.1.0";

    private Version() {}
}
