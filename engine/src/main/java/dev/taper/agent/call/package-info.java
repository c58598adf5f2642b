/**
 * Tool calls: the one spelling of each of their parts, the facts that they give to Datalog, and the
 * holder's proof that it made a call.
 *
 * <p>Whatever could be read in two ways is refused rather than repaired, so that a check, a log and
 * the tool itself always mean the same thing.
 */
@NullMarked
package dev.taper.agent.call;

import org.jspecify.annotations.NullMarked;
