/**
 * A service's side: a verifier takes what was sent with a call, checks it step by step, and says
 * yes, or no with the reason and what would help.
 */
@NullMarked
package dev.taper.agent.decision;

import org.jspecify.annotations.NullMarked;
