package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.DecodeLimits;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.agent.names.ApproverNames;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.RevocationList;
import dev.taper.testing.SettableClock;
import dev.taper.token.UnverifiedToken;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the cases of decisions: one verifier, and its calls in turn. */
final class DecisionRunner {
  private DecisionRunner() {}

  static void run(JsonNode one) {
    SettableClock clock = new SettableClock(Instant.EPOCH);
    JsonNode config = Json.get(one, "verifier");
    JsonNode calls = Json.get(one, "calls");
    clock.set(Cast.NOON);
    AtomicReference<DecisionEvent> told = new AtomicReference<>();
    Verifier verifier = verifier(config, clock).listener(told::set).build();
    for (JsonNode call : calls) {
      clock.set(Instant.ofEpochMilli(Json.get(call, "now").longValue()));
      Expectation.check(
          Json.get(call, "expect"), () -> decide(verifier, call, DecisionSchemas::assertFits));
      if (call.has("counters")) {
        List<String> counters = new ArrayList<>();
        call.get("counters").forEach(counter -> counters.add(counter.textValue()));
        assertThat(told.get().budgets()).isEqualTo(counters);
      }
    }
  }

  /** What a request means: what it states, or what the verifier's catalog makes of it. */
  private static ToolCall meant(Verifier verifier, String request) {
    ToolCall stated = ToolCall.parse(request);
    ToolCatalog catalog = verifier.catalog();
    return catalog == null ? stated : catalog.call(stated.sent());
  }

  /** What a verifier decides about a call, or would decide; a decision is shown to somebody. */
  static JsonNode decide(Verifier verifier, JsonNode call, Consumer<CallDecision> shown) {
    byte[] bytes = Json.bytes(Json.get(call, "token"));
    UnverifiedToken token = UnverifiedToken.decode(bytes, DecodeLimits.DEFAULT);
    ToolCall meant = read(verifier, call);
    if (call.path("preview").booleanValue()) {
      SentApprovals approvals = SentApprovals.of(approvals(call));
      return told(verifier.preview(token, meant, approvals).denial());
    }
    CallDecision decision =
        verifier.decide(
            new Credentials(token.encodeBase64(), Json.textOrNull(call, "proof"), approvals(call)),
            meant);
    shown.accept(decision);
    return told(decision instanceof CallDecision.Denied denied ? denied : null);
  }

  private static JsonNode told(CallDecision.@Nullable Denied denied) {
    if (denied == null) {
      return Cases.ok(true);
    }
    DelegationHop hop = denied.failingHop();
    ObjectNode expected = Cases.code(denied.code().text());
    if (hop != null) {
      expected.setAll(Json.object("hop", hop.block(), "holder", hop.holder()));
    }
    return expected;
  }

  private static ToolCall read(Verifier verifier, JsonNode call) {
    ToolCatalog catalog = verifier.catalog();
    return catalog != null && call.has("sent")
        ? catalog.call(Objects.requireNonNull(Sent.read(Json.get(call, "sent"))))
        : meant(verifier, Json.text(call, "request"));
  }

  private static List<String> approvals(JsonNode call) {
    List<String> texts = new ArrayList<>();
    call.path("approvals").forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  static VerifierBuilder verifier(JsonNode config, Clock clock) {
    VerifierBuilder builder =
        Verifier.trusting(roots(Json.get(config, "roots"), clock))
            .audience(Json.text(config, "audience"))
            .clock(clock);
    if (config.has("catalog")) {
      builder.catalog(ToolCatalog.parse(Json.text(config, "catalog")));
    } else {
      builder.callerStatesMeaning();
    }
    for (JsonNode store : config.path("stores")) {
      builder.budgets(store.textValue(), Budgets.forThisProcessOnly());
    }
    if (config.has("issuers")) {
      JsonNode names = config.get("issuers");
      builder.issuerNames(key -> Json.textOrNull(names, key.toString()));
    }
    if (config.path("bearer").booleanValue()) {
      builder.acceptBearer();
    }
    if (config.path("sealed").booleanValue()) {
      builder.acceptSealed();
    }
    if (config.has("policies")) {
      builder.policies(PolicySet.of(Datalog.authorizer(Json.text(config, "policies"))));
    }
    for (JsonNode name : config.path("shared")) {
      builder.sharedPredicates(name.textValue());
    }
    if (config.has("directory")) {
      builder.directory(directory(Json.get(config, "directory")));
    }
    if (config.path("countsApprovals").booleanValue()) {
      builder.approvalUsesOfOneProcess();
    }
    if (config.path("publishesApprovers").booleanValue()) {
      builder.publishApprovers();
    }
    if (config.has("names")) {
      builder.approverNames(names(Json.get(config, "names")));
    }
    if (config.has("revocations")) {
      builder.revocations(revocations(Json.get(config, "revocations"), clock));
    } else {
      builder.withoutRevocation();
    }
    return builder;
  }

  /** Keys with ids make a set; one key without an id is trusted whatever a token hints at. */
  private static RootKeys roots(JsonNode roots, Clock clock) {
    List<RootKey> keys = new ArrayList<>();
    for (JsonNode root : roots) {
      PublicKey key = PublicKey.parse(Json.text(root, "key"));
      if (!root.has("id")) {
        return RootKeys.of(key);
      }
      keys.add(RootKey.of(Json.get(root, "id").longValue(), key));
    }
    return RootKeySet.of(clock, keys);
  }

  private static AgentDirectory directory(JsonNode names) {
    Map<String, List<PublicKey>> known = new HashMap<>();
    names
        .properties()
        .forEach(
            entry -> {
              List<PublicKey> keys = new ArrayList<>();
              entry.getValue().forEach(key -> keys.add(PublicKey.parse(key.textValue())));
              known.put(entry.getKey(), keys);
            });
    return AgentDirectory.of(known);
  }

  private static ApproverNames names(JsonNode config) {
    ApproverNames.Builder names = ApproverNames.builder();
    Json.get(config, "persons")
        .properties()
        .forEach(
            entry ->
                entry
                    .getValue()
                    .forEach(
                        key -> names.person(entry.getKey(), PublicKey.parse(key.textValue()))));
    Json.get(config, "groups")
        .properties()
        .forEach(
            entry ->
                entry.getValue().forEach(name -> names.group(entry.getKey(), name.textValue())));
    return names.build();
  }

  private static RevocationList revocations(JsonNode config, Clock clock) {
    RevocationList list = RevocationRunner.list(Json.get(config, "issuers"), clock);
    byte[] lists = Json.bytes(Json.get(config, "lists"));
    if (lists.length > 0) {
      list.apply(lists);
    }
    return list;
  }
}
