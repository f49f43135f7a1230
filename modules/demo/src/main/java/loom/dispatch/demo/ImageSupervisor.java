package loom.dispatch.demo;

import java.io.IOException;
import java.time.Duration;

/**
 * Keeps the image running as systemd would: starts it again when somebody killed it, which the demo
 * does itself when asked to. Owned by the main thread.
 */
final class ImageSupervisor {
    private final ImageProcess image;
    private final long killEveryNanos;
    private long nextKillNanos;
    private int kills;

    /** The image ended by itself, which it never should. */
    static final class Died extends Exception {
        private static final long serialVersionUID = 1L;

        Died(int exitCode) {
            super("the image ended by itself with exit code " + exitCode);
        }
    }

    ImageSupervisor(ImageProcess image, Duration killEvery) throws IOException {
        this.image = image;
        killEveryNanos = killEvery.toNanos();
        nextKillNanos = System.nanoTime() + killEveryNanos;
        image.start();
    }

    /** How often the image was killed, by whomever. */
    int kills() {
        return kills;
    }

    /** Starts what was killed, and kills what is due. */
    void tick() throws IOException, InterruptedException, Died {
        revive();
        if (killEveryNanos > 0 && System.nanoTime() - nextKillNanos >= 0) {
            nextKillNanos = System.nanoTime() + killEveryNanos;
            image.kill();
            revive();
        }
    }

    /** Starts what was killed. */
    void revive() throws IOException, Died {
        if (image.isRunning()) {
            return;
        }
        if (image.exitCode() != ImageProcess.KILLED) {
            throw new Died(image.exitCode());
        }
        kills++;
        image.start();
    }
}
