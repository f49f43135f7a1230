package loom.dispatch.demo;

import loom.dispatch.servers.process.ImageProcess;

import java.io.IOException;
import java.time.Duration;

/**
 * Restarts the image after a SIGKILL, as systemd would. It also sends the SIGKILLs of {@code
 * --kill-every}. Used by the main thread only.
 */
final class ImageSupervisor {
    private final ImageProcess image;
    private final long killEveryNanos;
    private long nextKillNanos;
    private int kills;

    /** The image ended without a SIGKILL, which is a failure. */
    static final class UnexpectedExit extends Exception {
        private static final long serialVersionUID = 1L;

        UnexpectedExit(int exitCode) {
            super("the image ended by itself with exit code " + exitCode);
        }
    }

    ImageSupervisor(ImageProcess image, Duration killEvery) throws IOException {
        this.image = image;
        killEveryNanos = killEvery.toNanos();
        nextKillNanos = System.nanoTime() + killEveryNanos;
        image.start();
    }

    /** Returns how often a SIGKILL ended the image, whether the demo or the user sent it. */
    int kills() {
        return kills;
    }

    /** Restarts a killed image, and kills it when the next kill is due. */
    void tick() throws IOException, InterruptedException, UnexpectedExit {
        restartIfKilled();
        if (killEveryNanos > 0 && System.nanoTime() - nextKillNanos >= 0) {
            nextKillNanos = System.nanoTime() + killEveryNanos;
            image.kill();
            restartIfKilled();
        }
    }

    /** Starts the image again if a SIGKILL ended it. */
    void restartIfKilled() throws IOException, UnexpectedExit {
        if (image.isRunning()) {
            return;
        }
        if (image.exitCode() != ImageProcess.KILLED) {
            throw new UnexpectedExit(image.exitCode());
        }
        kills++;
        image.start();
    }
}
