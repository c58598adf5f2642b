/**
 * The delegation profile: a person lets an agent act, each agent that hands work to another appends
 * a block that only narrows it, and a chain says who held what, block by block. In a block of such
 * a token the next key is the next agent's own key.
 */
@NullMarked
package dev.taper.agent.delegation;

import org.jspecify.annotations.NullMarked;
