package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs the cases of requests and proofs. */
final class RequestRunner {
  private RequestRunner() {}

  static void request(JsonNode one) {
    Expectation.check(Json.get(one, "expect"), () -> read(one));
  }

  /** What is read in a request. */
  static JsonNode read(JsonNode one) {
    Set<String> freeText = new HashSet<>();
    one.path("freeText").forEach(name -> freeText.add(name.textValue()));
    ToolCall call = ToolCall.parse(Json.text(one, "request"), freeText);
    List<String> facts = new ArrayList<>();
    call.facts().list().forEach(fact -> facts.add(fact.toString()));
    assertThat(ToolCall.parse(call.toJson(), freeText)).isEqualTo(call);
    return Cases.ok(
        Json.object(
            "canonical",
            call.toJson(),
            "digest",
            call.digest(),
            "argumentsDigest",
            call.argumentsDigest(),
            "facts",
            facts));
  }

  static void approval(JsonNode one) {
    JsonNode expect = Json.get(one, "expect");
    Expectation.check(expect, () -> readApproval(one));
    if (expect.has("ok")) {
      Approval approval = Approval.decode(Json.text(one, "text"));
      byte[] encoded = approval.encode();
      int key = approval.approver().bytes().length;
      byte[] signature = Arrays.copyOfRange(encoded, 3 + key, 3 + key + (encoded[2 + key] & 0xff));
      byte[] message = Json.bytes(Json.get(one, "message"));
      assertThat(approval.approver().verify(message, signature)).isTrue();
    }
  }

  /** What is read in an approval that is signed. */
  static JsonNode readApproval(JsonNode one) {
    Approval approval = Approval.decode(Json.text(one, "text"));
    if (!approval.isSigned()) {
      return Cases.code("invalid_signature");
    }
    return Cases.ok(
        Json.object(
            "approver",
            approval.approver(),
            "statement",
            approval.statement().toJson(),
            "name",
            approval.name(),
            "claim",
            claim(approval)));
  }

  /** The name of its uses, which only a counted one has. */
  private static String claim(Approval approval) {
    return approval.statement().uses().isPresent()
        ? approval.use().id()
        : Json.hex(Messages.sha256(approval.name().getBytes(StandardCharsets.US_ASCII)));
  }

  static void approvalRequest(JsonNode one) {
    Expectation.check(
        Json.get(one, "expect"),
        () -> {
          ApprovalRequest request = ApprovalRequest.decode(Json.text(one, "text"));
          return Cases.ok(
              Json.object(
                  "token",
                  request.token().encode(),
                  "call",
                  request.call().toJson(),
                  "audience",
                  request.audience(),
                  "reason",
                  request.reason(),
                  "catalog",
                  request.catalogDigest()));
        });
  }

  static void proof(JsonNode one) {
    Expectation.check(
        Json.get(one, "expect"),
        () -> {
          Proof proof;
          try {
            proof = checkedProof(one);
          } catch (TaperException e) {
            if (one.has("part")) {
              assertThat(e).hasMessageContaining(" " + Json.text(one, "part") + " ");
            }
            throw e;
          }
          checkMessage(one, proof, PublicKey.parse(Json.text(one, "key")));
          return Cases.ok(true);
        });
  }

  /** A proof that is good for a key, state, audience and call. */
  static Proof checkedProof(JsonNode one) {
    Instant now = Instant.ofEpochMilli(Json.get(one, "now").longValue());
    AcceptedProofs cache =
        AcceptedProofs.of(
            AcceptedProofs.Window.DEFAULT,
            ReplayMemory.inMemory(),
            Clock.fixed(now, ZoneOffset.UTC));
    Proof proof = Proof.decode(Json.text(one, "proof"));
    SentCall sent =
        one.has("sent")
            ? Sent.read(Json.get(one, "sent"))
            : ToolCall.parse(Json.text(one, "request")).sent();
    Proof.Subject subject =
        Proof.Subject.of(
            Json.bytes(Json.get(one, "state")),
            Audience.of(Json.text(one, "audience")),
            SentApprovals.NONE,
            sent);
    proof.check(PublicKey.parse(Json.text(one, "key")), subject, cache);
    return proof;
  }

  private static void checkMessage(JsonNode one, Proof proof, PublicKey holder) {
    byte[] message = Json.bytes(Json.get(one, "message"));
    byte[] encoded = proof.encode();
    int signatureAt = 27 + 4 * (3 + proof.form().parts().size());
    byte[] signature = Arrays.copyOfRange(encoded, signatureAt, encoded.length);
    assertThat(holder.verify(message, signature)).isTrue();
    assertThat(proof.issuedAt().toEpochMilli()).isEqualTo(Json.get(one, "time").longValue());
    assertThat(Json.hex(proof.nonce())).isEqualTo(Json.text(one, "nonce"));
  }
}
