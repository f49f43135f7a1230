package loom.dispatch.app;

/** A text that must not be shown. */
record Secret(String text) {
    @Override
    public String toString() {
        return "***";
    }
}
