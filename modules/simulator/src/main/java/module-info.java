/**
 * A fake Discord on loopback, faithful to the gateway protocol, with a ledger of what it
 * dispatched.
 */
module loom.dispatch.simulator {
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.jr.ob;
    requires com.github.luben.zstd_jni;

    exports loom.dispatch.simulator;
}
