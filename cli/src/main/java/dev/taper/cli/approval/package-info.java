/** Asking for approvals, giving and refusing them, and justifying. */
@NullMarked
package dev.taper.cli.approval;

import org.jspecify.annotations.NullMarked;
