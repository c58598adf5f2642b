package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.SafeJson;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Signer;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.keeper.KeeperRequest.Provable;
import dev.taper.server.keeper.KeeperRequest.ProvableHttp;
import dev.taper.server.keeper.KeeperRequest.ProvableMcp;
import dev.taper.server.keeper.KeeperRequest.Prove;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Proves calls, dated by the keeper's clock, and gives them back in the form to be sent. */
final class ProofDesk {
  private static final Set<String> OPEN = Set.of("initialize", "ping", "logging/setLevel");
  private static final String OURS = "dev.taper/";

  private final TokenShelf tokens;
  private final KeyUse use;
  private final Clock clock;

  ProofDesk(TokenShelf tokens, KeyUse use, Clock clock) {
    this.tokens = tokens;
    this.use = use;
    this.clock = clock;
  }

  /**
   * Proves a call.
   *
   * @throws KeeperRefusal if the token or its key cannot be used so
   */
  JsonFields prove(Prove request) {
    Provable asked = request.asked();
    if (asked instanceof ProvableMcp mcp && OPEN.contains(mcp.sent().method())) {
      return new JsonFields().put("params", params(mcp, null));
    }
    TokenShelf.Use used = tokens.use(request.token(), request.audience());
    Credentials credentials = credentials(request, used);
    JsonFields fields =
        new JsonFields()
            .put("token", credentials.token())
            .put("proof", String.valueOf(credentials.proof()))
            .put("approvals", credentials.approvals());
    if (asked instanceof ProvableHttp) {
      fields.put("headers", headers(credentials, request.inOwnField()));
    }
    return asked instanceof ProvableMcp mcp
        ? fields.put("params", params(mcp, credentials))
        : fields;
  }

  private Credentials credentials(Prove request, TokenShelf.Use used) {
    AgentToken token = used.token();
    Provable asked = request.asked();
    boolean isOffer =
        asked.sent() == null
            || (asked instanceof ProvableMcp mcp && McpGuard.isList(mcp.sent().method()));
    String at =
        " at "
            + used.audience()
            + " (task "
            + token.chain().task().id()
            + " of "
            + token.chain().delegator()
            + ")";
    Signer signer =
        use.of(
            token.token().holderKey(),
            isOffer
                ? Question.shown("ask what may be done" + at)
                : ProvableText.of("prove a call" + at, asked, request.approvals()),
            isOffer ? "ask what may be done" + at : "prove" + at + ": " + asked.sent());
    Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
    SentApprovals beside = isOffer ? SentApprovals.NONE : request.approvals();
    String proof =
        asked.sent() == null || isOffer
            ? token.proveOffer(signer, used.audience(), clock).encodeBase64()
            : token.prove(signer, asked.sent(), used.audience(), beside, clock).encodeBase64();
    List<String> approvals = beside.encoded().stream().map(text::encodeToString).toList();
    return new Credentials(token.encodeBase64(), proof, approvals);
  }

  private static JsonFields headers(Credentials credentials, boolean inOwnField) {
    JsonFields headers = new JsonFields();
    if (inOwnField) {
      headers.put("Taper-Token", credentials.token());
    } else {
      headers.put("Authorization", "Taper " + credentials.token());
    }
    headers.put("Taper-Proof", String.valueOf(credentials.proof()));
    return credentials.approvals().isEmpty()
        ? headers
        : headers.put("Taper-Approval", String.join(", ", credentials.approvals()));
  }

  /** A message's parameters, with these credentials in place of any that were in them. */
  private static JsonFields params(ProvableMcp mcp, @Nullable Credentials credentials) {
    Map<String, String> given = new TreeMap<>(CanonicalJson.members(mcp.meta()));
    given.keySet().removeIf(name -> name.startsWith(OURS));
    JsonFields params = fields(CanonicalJson.members(mcp.sent().params()));
    JsonFields meta = fields(given);
    if (credentials != null) {
      meta.put(McpMeta.TOKEN, credentials.token())
          .put(McpMeta.PROOF, String.valueOf(credentials.proof()))
          .putIfAny(McpMeta.APPROVALS, credentials.approvals());
    }
    return given.isEmpty() && credentials == null ? params : params.put("_meta", meta);
  }

  private static JsonFields fields(Map<String, String> members) {
    JsonFields fields = new JsonFields();
    members.forEach((name, json) -> fields.json(name, SafeJson.escaped(json)));
    return fields;
  }
}
