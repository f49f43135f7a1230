package loom.dispatch.app.doctor;

import loom.dispatch.app.process.ExitCode;

/**
 * One line of {@code loom-dispatch doctor}.
 *
 * @param subject the checked part, in a word or two
 * @param text the result and, unless it is OK, what to do
 * @param exitCode the exit code of the command if the verdict is FAIL
 */
public record DoctorFinding(Verdict verdict, String subject, String text, ExitCode exitCode) {
    /** The result of a check. */
    enum Verdict {
        OK,
        /** A start succeeds, but the operator should look at this. */
        WARN,
        /** A start fails or waits. */
        FAIL
    }

    static DoctorFinding ok(String subject, String text) {
        return new DoctorFinding(Verdict.OK, subject, text, ExitCode.CLEAN);
    }

    static DoctorFinding warn(String subject, String text) {
        return new DoctorFinding(Verdict.WARN, subject, text, ExitCode.CLEAN);
    }

    static DoctorFinding fail(String subject, String text, ExitCode exitCode) {
        return new DoctorFinding(Verdict.FAIL, subject, text, exitCode);
    }

    /** Formats the finding as one line, for example {@code ok redis memory …}. */
    public String line() {
        String word =
                switch (verdict) {
                    case OK -> "ok";
                    case WARN -> "warn";
                    case FAIL -> "FAIL";
                };
        return "%-5s %-21s %s".formatted(word, subject, text.replaceAll("\\s+", " "));
    }
}
