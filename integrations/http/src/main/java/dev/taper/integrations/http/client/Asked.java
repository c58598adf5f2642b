package dev.taper.integrations.http.client;

import dev.taper.agent.call.SentApprovals;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What became of an ask for an approval. Immutable and thread-safe. */
public sealed interface Asked {
  /**
   * The approvals that the call lacked are there: it is to be signed anew, with them ({@link
   * HttpSigner#approvals}).
   *
   * @param approvals all that were given
   */
  record Approved(SentApprovals approvals) implements Asked {}

  /**
   * Somebody refused.
   *
   * @param reason why, in the words of whoever refused: to be shown, and not to be obeyed
   */
  record Refused(String reason) implements Asked {}

  /**
   * Nobody has answered in time. The agent can wait again ({@link HttpAsker#await}).
   *
   * @param ask where the ask is
   */
  record Unanswered(URI ask) implements Asked {}

  /** The ask has ended without an answer, or was never made. */
  record Ended() implements Asked {}

  /**
   * The service did not take the ask.
   *
   * @param status of HTTP
   * @param code why; {@code nothing_to_ask} if the call would be allowed
   * @param decision the decision about the call, which {@link dev.taper.agent.Refusal#parse} reads;
   *     null if there is none
   */
  record NotTaken(int status, String code, @Nullable String decision) implements Asked {}
}
