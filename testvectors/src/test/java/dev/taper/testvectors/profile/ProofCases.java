package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proofs of possession by themselves: what is signed, and what is no proof at all. */
final class ProofCases {
  static final byte[] NONCE = Arrays.copyOf(Messages.sha256(new byte[] {1}), 16);
  static final byte[] STATE = Messages.sha256(new byte[] {2});

  private final Cases cases =
      new Cases(
          "proofs",
          "Proofs (docs/profile.md, section 10) by a key, over a token's state (the signature of"
              + " its last block), for an audience and a call of form 1. time and now count"
              + " milliseconds since 1970: when the proof was made, and when it is verified, by a"
              + " verifier that has seen no other.");

  private ProofCases() {}

  /** A proof of form 1 in text form. */
  static String proof(
      PrivateKey holder,
      byte[] state,
      String audience,
      String request,
      Instant time,
      byte[] nonce) {
    return proof(holder, state, audience, List.of(), request, time, nonce);
  }

  /** A proof of form 1 with approvals, in text form. */
  static String proof(
      PrivateKey holder,
      byte[] state,
      String audience,
      List<String> approvals,
      String request,
      Instant time,
      byte[] nonce) {
    byte[] header = Messages.proofHeader(holder, 1, time.toEpochMilli(), nonce);
    return signed(holder, header, digests(state, audience, approvals, request));
  }

  /** A proof of any form with approvals, in text form. */
  static String proof(
      PrivateKey holder,
      byte[] state,
      String audience,
      List<String> approvals,
      Sent sent,
      Instant time,
      byte[] nonce) {
    byte[] header = Messages.proofHeader(holder, sent.form(), time.toEpochMilli(), nonce);
    return signed(holder, header, digests(state, audience, approvals, sent));
  }

  static byte[] digests(byte[] state, String audience, List<String> approvals, Sent sent) {
    return Messages.digests(state, audience, Messages.approvals(approvals), sent.parts());
  }

  private static String signed(PrivateKey holder, byte[] header, byte[] digests) {
    return Messages.base64(
        Messages.join(
            header, Messages.hints(digests), holder.sign(Messages.proof(header, digests))));
  }

  private static byte[] digests(byte[] state, String audience, String request) {
    return digests(state, audience, List.of(), request);
  }

  private static byte[] digests(
      byte[] state, String audience, List<String> approvals, String request) {
    ToolCall call = ToolCall.parse(request);
    return Messages.digests(
        state,
        audience,
        Messages.approvals(approvals),
        bytes(call.tool()),
        bytes(call.operation()),
        bytes(call.resource()),
        bytes(call.arguments().toJson()));
  }

  private static byte[] bytes(@Nullable String text) {
    return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
  }

  static JsonNode file() {
    ProofCases all = new ProofCases();
    all.addGood();
    all.addWrong();
    all.addMalformed();
    return all.cases.file();
  }

  private void add(
      String name,
      @Nullable String attack,
      PrivateKey holder,
      long now,
      String proof,
      byte @Nullable [] message,
      JsonNode expect) {
    cases.add(
        name,
        attack,
        "key",
        holder.publicKey().toString(),
        "state",
        STATE,
        "audience",
        Cast.JIRA,
        "request",
        Story.SEARCH,
        "time",
        Cast.NOON.toEpochMilli(),
        "nonce",
        NONCE,
        "message",
        message,
        "proof",
        proof,
        "now",
        now,
        "expect",
        expect);
  }

  private static String proof(PrivateKey holder) {
    return proof(holder, STATE, Cast.JIRA, Story.SEARCH, Cast.NOON, NONCE);
  }

  private void addGood() {
    for (PrivateKey holder : new PrivateKey[] {Cast.PLANNER, Cast.SCRAPER}) {
      byte[] header = Messages.proofHeader(holder, 1, Cast.NOON.toEpochMilli(), NONCE);
      byte[] message = Messages.proof(header, digests(STATE, Cast.JIRA, Story.SEARCH));
      for (long later : new long[] {-30_000, 0, 60_000}) {
        add(
            holder.algorithm().text() + ", verified " + later + " ms later",
            null,
            holder,
            Cast.NOON.toEpochMilli() + later,
            proof(holder),
            message,
            Cases.ok(true));
      }
    }
  }

  private void wrong(String name, String attack, PrivateKey holder, String proof, String code) {
    add(name, attack, holder, Cast.NOON.toEpochMilli(), proof, null, Cases.code(code));
  }

  private void moved(String name, String proof) {
    wrong(name, "proof_moved", Cast.PLANNER, proof, "proof_mismatch");
  }

  private void changed(String name, String proof) {
    wrong(name, "request_changed", Cast.PLANNER, proof, "request_mismatch");
  }

  private static String withoutOperation() {
    return Story.SEARCH.replace("\"operation\":\"read\",", "");
  }

  private static String proof(String request) {
    return proof(Cast.PLANNER, STATE, Cast.JIRA, request, Cast.NOON, NONCE);
  }

  private void addWrong() {
    long noon = Cast.NOON.toEpochMilli();
    String good = proof(Cast.PLANNER);
    String attack = "proof_out_of_window";
    add("too old", attack, Cast.PLANNER, noon + 60_001, good, null, Cases.code("proof_expired"));
    add(
        "of the future",
        attack,
        Cast.PLANNER,
        noon - 30_001,
        good,
        null,
        Cases.code("proof_not_yet_valid"));
    wrong("another key", "proof_by_another_key", Cast.RESEARCHER, good, "proof_mismatch");
    wrong(
        "a key of another algorithm", "proof_by_another_key", Cast.SCRAPER, good, "proof_mismatch");
    byte[] other = Messages.sha256(new byte[] {3});
    moved("another state", proof(Cast.PLANNER, other, Cast.JIRA, Story.SEARCH, Cast.NOON, NONCE));
    changed(
        "another service", proof(Cast.PLANNER, STATE, "svc:crm", Story.SEARCH, Cast.NOON, NONCE));
    changed("another call", proof(Cast.PLANNER, STATE, Cast.JIRA, Story.DELETE, Cast.NOON, NONCE));
    changed(
        "another argument",
        proof(Cast.PLANNER, STATE, Cast.JIRA, Story.SEARCH.replace("50", "51"), Cast.NOON, NONCE));
    changed("no operation", proof(withoutOperation()));
    byte[] offer = Messages.digests(STATE, Cast.JIRA, new byte[0]);
    changed(
        "an offer instead of a call",
        signed(Cast.PLANNER, Messages.proofHeader(Cast.PLANNER, 4, noon, NONCE), offer));
    byte[] mcp = Messages.digests(STATE, Cast.JIRA, new byte[0], bytes("tools/call"), bytes("{}"));
    changed(
        "a message instead of a tool",
        signed(Cast.PLANNER, Messages.proofHeader(Cast.PLANNER, 3, noon, NONCE), mcp));
    byte[] true1 = digests(STATE, Cast.JIRA, Story.SEARCH);
    byte[] call = Messages.proofHeader(Cast.PLANNER, 1, noon, NONCE);
    byte[] false1 = Messages.hints(true1);
    false1[4] ^= 1;
    changed(
        "a hint that is not of what was signed",
        Messages.base64(
            Messages.join(call, false1, Cast.PLANNER.sign(Messages.proof(call, true1)))));
    byte[] bytes = Base64.getUrlDecoder().decode(good);
    bytes[13] ^= 1;
    moved("another nonce under the same signature", Messages.base64(bytes));
    bytes[13] ^= 1;
    bytes[10] ^= 1;
    moved("another time under the same signature", Messages.base64(bytes));
    byte[] header = Messages.join(call, Messages.hints(true1));
    byte[] hop = Story.researcher().step(1).block().signature();
    wrong(
        "the signature of a hop",
        "hop_as_proof",
        Cast.PLANNER,
        Messages.base64(Messages.join(header, hop)),
        "proof_mismatch");
  }

  private void malformed(String name, String proof) {
    wrong(name, "proof_respelled", Cast.PLANNER, proof, "malformed_holder_proof");
  }

  private void addMalformed() {
    String good = proof(Cast.PLANNER);
    byte[] bytes = Base64.getUrlDecoder().decode(good);
    malformed("nothing", "");
    malformed("padding", good + "=");
    malformed("space at the end", good + " ");
    malformed("other alphabet", "+" + good.substring(1));
    malformed("one byte less", Messages.base64(Arrays.copyOf(bytes, bytes.length - 1)));
    malformed("one byte more", Messages.base64(Arrays.copyOf(bytes, bytes.length + 1)));
    malformed("no signature", Messages.base64(Arrays.copyOf(bytes, 27 + 28)));
    malformed("version 0", Messages.base64(with(bytes, 0, 0)));
    malformed("version 1", Messages.base64(with(bytes, 0, 1)));
    malformed("version 3", Messages.base64(with(bytes, 0, 3)));
    malformed("form 0", Messages.base64(with(bytes, 1, 0)));
    malformed("form 5", Messages.base64(with(bytes, 1, 5)));
    malformed("algorithm 2", Messages.base64(with(bytes, 2, 2)));
    malformed("time with the highest bit set", Messages.base64(with(bytes, 3, 0x80)));
    malformed("a form with fewer parts than hints", Messages.base64(with(bytes, 1, 3)));
    byte[] p256 =
        Messages.join(
            Messages.proofHeader(Cast.SCRAPER, 1, Cast.NOON.toEpochMilli(), NONCE),
            Messages.hints(digests(STATE, Cast.JIRA, Story.SEARCH)));
    malformed("P-256 signature of 7 bytes", Messages.base64(Messages.join(p256, new byte[7])));
    malformed("P-256 signature of 73 bytes", Messages.base64(Messages.join(p256, new byte[73])));
    String stray = Messages.base64(Messages.join(p256, new byte[70])); // 125 bytes: stray bits
    malformed("stray bits", stray.substring(0, stray.length() - 1) + "B");
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] other = bytes.clone();
    other[at] = (byte) value;
    return other;
  }
}
