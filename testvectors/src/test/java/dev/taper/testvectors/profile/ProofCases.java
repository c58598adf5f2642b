package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Proofs of possession by themselves: what is signed, and what is no proof at all. */
final class ProofCases {
  private static final byte[] NONCE = Arrays.copyOf(Messages.sha256(new byte[] {1}), 16);
  private static final byte[] STATE = Messages.sha256(new byte[] {2});

  private final Cases cases =
      new Cases(
          "proofs",
          "Proofs (docs/profile.md, section 10) by a key, over a token's state (the signature of"
              + " its last block), for an audience and a call. time and now count milliseconds"
              + " since 1970: when the proof was made, and when it is verified, by a verifier that"
              + " has seen no other.");

  private ProofCases() {}

  /** A proof in text form. */
  static String proof(
      PrivateKey holder,
      byte[] state,
      String audience,
      String request,
      Instant time,
      byte[] nonce) {
    byte[] header = Messages.proofHeader(holder, time.toEpochMilli(), nonce);
    byte[] message = Messages.proof(header, state, audience, ToolCall.parse(request).digest());
    return Messages.base64(Messages.join(header, holder.sign(message)));
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
      byte[] header = Messages.proofHeader(holder, Cast.NOON.toEpochMilli(), NONCE);
      byte[] digest = ToolCall.parse(Story.SEARCH).digest();
      byte[] message = Messages.proof(header, STATE, Cast.JIRA, digest);
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
    moved("another service", proof(Cast.PLANNER, STATE, "svc:crm", Story.SEARCH, Cast.NOON, NONCE));
    moved("another call", proof(Cast.PLANNER, STATE, Cast.JIRA, Story.DELETE, Cast.NOON, NONCE));
    moved(
        "another argument",
        proof(Cast.PLANNER, STATE, Cast.JIRA, Story.SEARCH.replace("50", "51"), Cast.NOON, NONCE));
    byte[] bytes = Base64.getUrlDecoder().decode(good);
    bytes[12] ^= 1;
    moved("another nonce under the same signature", Messages.base64(bytes));
    bytes[12] ^= 1;
    bytes[9] ^= 1;
    moved("another time under the same signature", Messages.base64(bytes));
    byte[] header = Messages.proofHeader(Cast.PLANNER, noon, NONCE);
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
    malformed("no signature", Messages.base64(Arrays.copyOf(bytes, 26)));
    malformed("version 0", Messages.base64(with(bytes, 0, 0)));
    malformed("version 2", Messages.base64(with(bytes, 0, 2)));
    malformed("algorithm 2", Messages.base64(with(bytes, 1, 2)));
    malformed("time with the highest bit set", Messages.base64(with(bytes, 2, 0x80)));
    byte[] p256 = Messages.proofHeader(Cast.SCRAPER, Cast.NOON.toEpochMilli(), NONCE);
    malformed("P-256 signature of 7 bytes", Messages.base64(Messages.join(p256, new byte[7])));
    malformed("P-256 signature of 73 bytes", Messages.base64(Messages.join(p256, new byte[73])));
    String stray = Messages.base64(Messages.join(p256, new byte[69])); // 95 bytes: stray bits
    malformed("stray bits", stray.substring(0, stray.length() - 1) + "B");
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] other = bytes.clone();
    other[at] = (byte) value;
    return other;
  }
}
