/** What every module may use: secrets, back-off, supervised threads, log events, JSON scanning. */
module loom.dispatch.runtime {
    exports loom.dispatch.runtime;
}
