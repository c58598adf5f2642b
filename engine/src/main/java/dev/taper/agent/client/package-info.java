/** The agent's side of one service: what is sent with a call, and what a refusal says. */
@NullMarked
package dev.taper.agent.client;

import org.jspecify.annotations.NullMarked;
