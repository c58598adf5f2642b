/**
 * The delegation profile: a person lets an agent act, agents hand work on, services verify the
 * whole chain. In a block of such a token the next key is the next agent's own key.
 */
@NullMarked
package dev.taper.agent;

import org.jspecify.annotations.NullMarked;
