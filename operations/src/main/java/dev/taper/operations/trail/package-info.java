/** Audit logs: leaving records, reading and tracing them, and passing them on. */
@NullMarked
package dev.taper.operations.trail;

import org.jspecify.annotations.NullMarked;
