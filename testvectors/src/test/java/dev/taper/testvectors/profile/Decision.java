package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One verifier and the calls that it decides, one after the other. Not thread-safe. */
final class Decision {
  private final String name;
  private final @Nullable String attack;
  private final ObjectNode verifier;
  private final List<ObjectNode> calls = new ArrayList<>();
  private Instant now = Cast.NOON;

  /** A decision by a verifier that trusts the root key and takes held tokens only. */
  Decision(String name, @Nullable String attack) {
    this.name = name;
    this.attack = attack;
    this.verifier =
        Json.object(
            "audience", Cast.JIRA, "roots", List.of(root(Cast.ROOT.publicKey().toString(), null)));
  }

  static ObjectNode root(String key, @Nullable Integer id) {
    return Json.object("key", key, "id", id);
  }

  /** The same with something else that its verifier is told. */
  Decision with(String member, Object value) {
    verifier.setAll(Json.object(member, value));
    return this;
  }

  /** The verifier's clock is moved on. */
  Decision after(Duration time) {
    now = now.plus(time);
    return this;
  }

  /** A call that a holder proves, now. */
  Decision call(Chain chain, PrivateKey holder, String request, JsonNode expect) {
    return call(chain.held(), proof(chain, holder, request), request, expect);
  }

  /** A call with approvals that a holder proves, now. */
  Decision call(
      Chain chain, List<String> approvals, PrivateKey holder, String request, JsonNode expect) {
    String proof = proof(chain, holder, request, approvals);
    return call(chain.held(), proof, approvals, request, expect);
  }

  Decision call(byte[] token, @Nullable String proof, String request, JsonNode expect) {
    return call(token, proof, List.of(), request, expect);
  }

  Decision call(
      byte[] token,
      @Nullable String proof,
      List<String> approvals,
      String request,
      JsonNode expect) {
    calls.add(
        Json.object(
            "now",
            now.toEpochMilli(),
            "token",
            token,
            "request",
            request,
            "proof",
            proof,
            "approvals",
            approvals.isEmpty() ? null : approvals,
            "expect",
            expect));
    return this;
  }

  /** What the verifier says that it would decide about a call, now; no proof is asked for. */
  Decision preview(Chain chain, String request, JsonNode expect) {
    return preview(chain.held(), List.of(), request, expect);
  }

  Decision preview(byte[] token, List<String> approvals, String request, JsonNode expect) {
    call(token, null, approvals, request, expect);
    return isPreview();
  }

  /** What it says of a call as it would be sent. */
  Decision preview(Chain chain, Sent sent, JsonNode expect) {
    calls.add(
        Json.object(
            "now",
            now.toEpochMilli(),
            "token",
            chain.held(),
            "sent",
            sent.json(),
            "expect",
            expect));
    return isPreview();
  }

  private Decision isPreview() {
    calls.get(calls.size() - 1).setAll(Json.object("preview", true));
    return this;
  }

  /** The last call, if it is allowed, was charged to these counters of budgets. */
  Decision charged(String... counters) {
    calls.get(calls.size() - 1).setAll(Json.object("counters", List.of(counters)));
    return this;
  }

  /** A call that a holder proves as it is sent, and that arrives as it is or as another one. */
  Decision call(Chain chain, PrivateKey holder, Sent sent, Sent received, JsonNode expect) {
    byte[] nonce = Arrays.copyOf(Messages.sha256(new byte[] {(byte) calls.size()}), 16);
    byte[] state = Objects.requireNonNull(chain.state());
    calls.add(
        Json.object(
            "now",
            now.toEpochMilli(),
            "token",
            chain.held(),
            "sent",
            received.json(),
            "proof",
            ProofCases.proof(holder, state, Cast.JIRA, List.of(), sent, now, nonce),
            "expect",
            expect));
    return this;
  }

  /** A proof of a call with this chain, now, with a nonce of its own. */
  String proof(Chain chain, PrivateKey holder, String request) {
    return proof(chain, holder, request, List.of());
  }

  String proof(Chain chain, PrivateKey holder, String request, List<String> approvals) {
    byte[] nonce = Arrays.copyOf(Messages.sha256(new byte[] {(byte) calls.size()}), 16);
    byte[] state = Objects.requireNonNull(chain.state());
    return ProofCases.proof(holder, state, Cast.JIRA, approvals, request, now, nonce);
  }

  void addTo(Cases cases) {
    cases.add(name, attack, "verifier", verifier, "calls", calls);
  }

  static ObjectNode allowed() {
    return Cases.ok(true);
  }

  /** A denial that no block is to blame for. */
  static ObjectNode denied(String code) {
    return Cases.code(code);
  }

  /** A denial by a block. */
  static ObjectNode denied(String code, int hop, @Nullable String holder) {
    return Json.object("code", code, "hop", hop, "holder", holder);
  }
}
