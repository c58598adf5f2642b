/** What the audit commands do: verify a log, tell what happened by it, and pass it on. */
@NullMarked
package dev.taper.cli.audit;

import org.jspecify.annotations.NullMarked;
