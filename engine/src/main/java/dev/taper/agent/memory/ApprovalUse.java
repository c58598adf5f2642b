package dev.taper.agent.memory;

import java.time.Instant;

/**
 * The use of an approval that is good for one call.
 *
 * @param id names the approval among those of all approvers: 64 hex digits
 * @param until when the approval ends and its use need no longer be remembered, a whole second
 */
public record ApprovalUse(String id, Instant until) {}
