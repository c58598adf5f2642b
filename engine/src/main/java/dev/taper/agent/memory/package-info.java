/**
 * What verifiers must not forget, and how they share the room for it: the replay memory and the
 * uses of counted approvals.
 */
@org.jspecify.annotations.NullMarked
package dev.taper.agent.memory;
