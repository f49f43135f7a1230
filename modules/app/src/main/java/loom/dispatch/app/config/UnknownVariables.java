package loom.dispatch.app.config;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds environment variables that look like a misspelt setting, for example {@code RABIT_HOST}.
 * Without a warning the default would be used.
 */
final class UnknownVariables {
    /** Variables without a definition: the log level of twilight-dispatch. */
    private static final Set<String> READ_ELSEWHERE = Set.of("RUST_LOG");

    /** Names from this length on may differ by two letters, shorter names by one. */
    private static final int LONG_NAME = 8;

    private UnknownVariables() {}

    /**
     * Returns each such name with the setting it resembles, or with an empty text.
     *
     * @param process names of the process's environment; a name counts only if it resembles a
     *     setting, because most variables belong to other programs
     * @param dotEnv names of the {@code .env} file; a name also counts if it has the prefix of a
     *     setting
     */
    static SortedMap<String, String> among(Set<String> process, Set<String> dotEnv) {
        Set<String> known = known();
        Set<String> families =
                known.stream()
                        .filter(name -> name.contains("_"))
                        .map(name -> name.substring(0, name.indexOf('_') + 1))
                        .collect(Collectors.toSet());
        SortedMap<String, String> found = new TreeMap<>();
        Set<String> unknown = union(process, dotEnv);
        unknown.removeAll(known);
        for (String name : unknown) {
            Optional<String> meant = nearest(name, known);
            boolean hasOurPrefix =
                    dotEnv.contains(name) && families.stream().anyMatch(name::startsWith);
            if (meant.isPresent() || hasOurPrefix) {
                found.put(name, meant.orElse(""));
            }
        }
        return found;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    private static Set<String> known() {
        Set<String> known = new HashSet<>(READ_ELSEWHERE);
        for (EnvironmentVariable<?> variable : Settings.VARIABLES) {
            known.add(variable.name());
            if (variable.secret()) {
                known.add(SecretSource.fileVariable(variable.name()));
            }
        }
        return known;
    }

    /** Returns the known name that the given name resembles most. */
    static Optional<String> nearest(String name, Set<String> known) {
        int allowed = name.length() < LONG_NAME ? 1 : 2;
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - name.length()) <= allowed)
                .filter(candidate -> distance(candidate, name) <= allowed)
                .sorted()
                .reduce((best, next) -> distance(next, name) < distance(best, name) ? next : best);
    }

    /** The Damerau-Levenshtein distance: a swap of two neighbouring letters is one step. */
    private static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, a, b, i, j);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int step(int[][] steps, String a, String b, int i, int j) {
        int replaced = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
