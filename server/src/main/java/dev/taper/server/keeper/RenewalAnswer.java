package dev.taper.server.keeper;

import dev.taper.JsonMembers;
import dev.taper.agent.delegation.AgentToken;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads what an issuer answers to a holder whose token it renews (docs/binding.md, renewals).
 * Stateless and thread-safe.
 */
public final class RenewalAnswer {
  private static final String FORMAT = "taper/1 renewal";
  private static final int MAX_BYTES = 16_384;
  private static final int MAX_TOKEN = 8_192;
  private static final Pattern JSON = Pattern.compile("(?i)application/json[ \t]*(;.*)?");

  private RenewalAnswer() {}

  /**
   * Reads an answer that is no refusal.
   *
   * @param status of HTTP, below 400
   * @param types the values of {@code Content-Type}
   * @param codings the values of {@code Content-Encoding}
   * @param content its bytes
   * @return the new token, held by a key; of whom it is, is not looked at
   * @throws KeeperRefusal {@code no_renewal}
   */
  public static AgentToken read(
      int status, List<String> types, List<String> codings, byte[] content) {
    if (status != 200) {
      throw none("has status " + status);
    } else if (types.size() != 1 || !JSON.matcher(types.get(0)).matches()) {
      throw none("is of another type than application/json");
    } else if (!codings.isEmpty()) {
      throw none("is encoded");
    } else if (content.length > MAX_BYTES) {
      throw none("has more than " + MAX_BYTES + " bytes");
    }
    try {
      JsonMembers<KeeperRefusal> all = KeeperJson.JSON.read(content, "the answer");
      if (!all.text("format").equals(FORMAT)) {
        throw none("has another format");
      }
      String token = all.text("token");
      if (token.length() > MAX_TOKEN) {
        throw none("has a token that is too long");
      }
      return TokenShelf.held(token);
    } catch (KeeperRefusal e) {
      throw e.code().equals("no_renewal") ? e : none("has no token to use: " + e.detail());
    }
  }

  private static KeeperRefusal none(String why) {
    return KeeperRefusal.of(502, "no_renewal", "the issuer's answer is no renewal: it " + why);
  }
}
