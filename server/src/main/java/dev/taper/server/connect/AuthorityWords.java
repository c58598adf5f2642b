package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.integrations.mcp.McpRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says an authority to a model: each grant as the model can hand it on, in the syntax of grants,
 * with what it waits for apart. Immutable and thread-safe.
 */
final class AuthorityWords {
  private static final int MOST = 4096; // characters of one grant
  private static final int MOST_GRANTS = 64;

  /** How much is written before keys get their names, which makes it shorter. */
  private static final int WRITTEN = 4 * MOST;

  private final McpRefusal.Words words;

  /**
   * Says authorities.
   *
   * @param words names the keys
   */
  AuthorityWords(McpRefusal.Words words) {
    this.words = words;
  }

  /** The grants, each a line; one line in other words if there are too many to list. */
  List<String> grants(EffectiveAuthority authority) {
    if (!authority.isListed() || authority.isEmpty()) {
      return List.of(shown(ShortText.of(authority.words(WRITTEN), WRITTEN)));
    }
    List<String> lines = new ArrayList<>();
    for (Grant grant : authority.alternatives()) {
      if (lines.size() == MOST_GRANTS) {
        lines.add("…");
        break;
      }
      lines.add(line(grant));
    }
    return lines;
  }

  private String line(Grant grant) {
    String text = ShortText.of(grant.text(WRITTEN), WRITTEN);
    String waits =
        grant.activations().stream().map(Activation::toString).collect(Collectors.joining(" and "));
    if (waits.isEmpty()) {
      return shown(text);
    }
    String behind = " if " + waits;
    String alone =
        text.endsWith(behind) ? text.substring(0, text.length() - behind.length()) : text;
    return shown(alone) + " (only when " + shown(waits) + ")";
  }

  /** What holds for all of it beside its end; empty if there is nothing. */
  List<String> limits(EffectiveAuthority authority) {
    List<String> limits = new ArrayList<>();
    List<String> audiences = authority.audiences();
    if (audiences != null) {
      limits.add("at " + String.join(", ", audiences) + " alone");
    }
    if (authority.notBefore() != null) {
      limits.add("not before " + authority.notBefore());
    }
    authority.budgets().forEach(budget -> limits.add(budget.words()));
    authority.opaqueChecks().forEach(check -> limits.add(check.text(WRITTEN)));
    return limits.stream().map(this::shown).toList();
  }

  private String shown(String text) {
    return ShownText.of(words.named(text), MOST);
  }
}
