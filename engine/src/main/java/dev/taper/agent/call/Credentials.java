package dev.taper.agent.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What travels beside one call, each as text that HTTP and JSON carry as it is, and that nobody has
 * decoded yet. The proof is good for one call only. Immutable and thread-safe.
 *
 * @param token the token, in base64url
 * @param proof the holder's proof, in base64url; null without one
 * @param approvals those that come beside the token, each in base64url, in any order
 */
public record Credentials(String token, @Nullable String proof, List<String> approvals) {
  /** Copies the list. */
  public Credentials {
    approvals = List.copyOf(approvals);
  }

  /** Presents a token without approvals. */
  public static Credentials of(String token, @Nullable String proof) {
    return new Credentials(token, proof, List.of());
  }

  /** Shows nothing that anybody could use. */
  @Override
  public String toString() {
    return "Credentials(" + (proof == null ? "no proof" : "proof") + ", " + approvals.size() + ")";
  }
}
