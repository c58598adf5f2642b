/**
 * What verifiers must not forget, and how they share the room for it: the replay memory and the
 * uses of approvals, in this process or in a folder.
 */
@org.jspecify.annotations.NullMarked
package dev.taper.agent.memory;
