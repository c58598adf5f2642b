package dev.taper.agent;

import dev.taper.agent.grant.Grant;

/**
 * What would let a refused call through: the smallest grant that covers it, and whom to ask.
 *
 * @param whom the last party in the chain that could grant it
 * @param grant just this call: its tool, operation and resource
 */
public record Ask(String whom, Grant grant) {}
