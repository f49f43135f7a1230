/**
 * Building blocks that every module may use: secrets, retry back-off, supervised threads, log
 * events and JSON scanning. The package depends on the JDK alone. It starts no thread by itself.
 */
package loom.dispatch.runtime;
