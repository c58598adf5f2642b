package dev.taper.server.keeper;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.AgentToken;
import dev.taper.agent.Credentials;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentApprovals;
import dev.taper.crypto.Signer;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.keeper.KeeperRequest.Asked;
import dev.taper.server.keeper.KeeperRequest.AskedHttp;
import dev.taper.server.keeper.KeeperRequest.AskedMcp;
import dev.taper.server.keeper.KeeperRequest.Prove;
import java.io.IOException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** Proves calls, dated by the keeper's clock, and gives them back in the form to be sent. */
final class ProofDesk {
  private static final Set<String> OPEN = Set.of("initialize", "ping", "logging/setLevel");
  private static final String OURS = "dev.taper/";

  private final HeldTokens tokens;
  private final KeyUse use;
  private final Clock clock;

  ProofDesk(HeldTokens tokens, KeyUse use, Clock clock) {
    this.tokens = tokens;
    this.use = use;
    this.clock = clock;
  }

  /**
   * Proves a call.
   *
   * @throws KeeperRefusal if the token or its key cannot be used so
   */
  String prove(Prove request) {
    Asked asked = request.asked();
    if (asked instanceof AskedMcp mcp && OPEN.contains(mcp.sent().method())) {
      return AnswerJson.object(
          json -> raw(json, "params", params(mcp.sent().params(), withoutOurs(mcp.meta()))));
    }
    HeldTokens.Use used = tokens.use(request.token(), request.audience());
    Credentials credentials = credentials(request, used);
    return AnswerJson.object(
        json -> {
          json.writeStringField("token", credentials.token());
          json.writeStringField("proof", String.valueOf(credentials.proof()));
          AnswerJson.texts(json, "approvals", credentials.approvals());
          if (asked instanceof AskedHttp) {
            headers(json, credentials, request.inOwnField());
          }
          if (asked instanceof AskedMcp mcp) {
            StringJoiner meta = withoutOurs(mcp.meta());
            addOurs(meta, credentials);
            raw(json, "params", params(mcp.sent().params(), meta));
          }
        });
  }

  private Credentials credentials(Prove request, HeldTokens.Use used) {
    AgentToken token = used.token();
    Asked asked = request.asked();
    boolean isOffer =
        asked.sent() == null
            || (asked instanceof AskedMcp mcp && McpGuard.isList(mcp.sent().method()));
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
                : AskedText.of("prove a call" + at, asked, request.approvals()),
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

  private static void headers(JsonGenerator json, Credentials credentials, boolean inOwnField)
      throws IOException {
    json.writeObjectFieldStart("headers");
    if (inOwnField) {
      json.writeStringField("Taper-Token", credentials.token());
    } else {
      json.writeStringField("Authorization", "Taper " + credentials.token());
    }
    json.writeStringField("Taper-Proof", String.valueOf(credentials.proof()));
    if (!credentials.approvals().isEmpty()) {
      json.writeStringField("Taper-Approval", String.join(", ", credentials.approvals()));
    }
    json.writeEndObject();
  }

  private static StringJoiner withoutOurs(String meta) {
    StringJoiner kept = new StringJoiner(",", "{", "}");
    for (Map.Entry<String, String> member : CanonicalJson.members(meta).entrySet()) {
      if (!member.getKey().startsWith(OURS)) {
        kept.add(string(member.getKey()) + ":" + member.getValue());
      }
    }
    return kept;
  }

  private static void addOurs(StringJoiner meta, Credentials credentials) {
    meta.add(string(McpMeta.TOKEN) + ":" + string(credentials.token()));
    meta.add(string(McpMeta.PROOF) + ":" + string(String.valueOf(credentials.proof())));
    if (!credentials.approvals().isEmpty()) {
      StringJoiner all = new StringJoiner(",", "[", "]");
      credentials.approvals().forEach(one -> all.add(string(one)));
      meta.add(string(McpMeta.APPROVALS) + ":" + all);
    }
  }

  private static String params(String params, StringJoiner meta) {
    if (meta.length() == 2) {
      return params; // nothing is in it
    }
    return params.substring(0, params.length() - 1)
        + (params.length() == 2 ? "" : ",")
        + "\"_meta\":"
        + meta
        + "}";
  }

  private static void raw(JsonGenerator json, String name, String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(SafeJson.escaped(value));
  }

  private static String string(String text) {
    StringBuilder out = new StringBuilder();
    CanonicalJson.writeString(text, out);
    return out.toString();
  }
}
