/**
 * How authority that was granted dormant is woken: by the holder's own justification, or by
 * approvals of named keys. A token never grows by it; what is not granted cannot be approved.
 */
@NullMarked
package dev.taper.agent.approval;

import org.jspecify.annotations.NullMarked;
