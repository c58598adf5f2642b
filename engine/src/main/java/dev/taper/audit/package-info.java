/**
 * The audit log: one canonical record for every decision and every step in the life of authority,
 * chained by hashes, with signed checkpoints, in a file or wherever an {@link
 * dev.taper.audit.AuditSink} keeps it.
 */
@NullMarked
package dev.taper.audit;

import org.jspecify.annotations.NullMarked;
