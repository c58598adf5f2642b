/**
 * How grants that ask for more than the call become active: by the holder's own justification, or
 * by approvals of named keys. No token grows by that: what is not granted cannot be approved.
 */
@NullMarked
package dev.taper.agent.approval;

import org.jspecify.annotations.NullMarked;
