package loom.dispatch.demo.view;

/** Colours for a terminal, or none. */
enum TerminalColors {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    TerminalColors(String code) {
        this.code = code;
    }

    /** Returns the text, in this colour if {@code coloured}. */
    String on(boolean coloured, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
