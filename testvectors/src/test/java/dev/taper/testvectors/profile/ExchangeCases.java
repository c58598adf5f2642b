package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.crypto.PrivateKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How an agent proves that it asks for an exchange, and which proofs an issuer takes. */
final class ExchangeCases {
  private static final String ISSUER = "https://issuer.example.com";
  private static final String SUBJECT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
  private static final String DETAILS =
      "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T-4711\"}]";
  private static final long TIME = Cast.NOON.toEpochMilli();
  private static final int KEY_AT = 2;
  private static final String TAKEN = "taken";

  private final Cases cases =
      new Cases(
          "exchanges",
          "An agent proves that it asks an issuer for a token in exchange for a person's"
              + " (docs/binding.md, exchanges): what it signs, and whether an issuer takes the"
              + " proof.");

  private ExchangeCases() {}

  static JsonNode file() {
    ExchangeCases all = new ExchangeCases();
    all.addMade();
    all.addOthers();
    all.addTimes();
    all.addMalformed();
    return all.cases.file();
  }

  private static byte[] header(PrivateKey agent, String tag) {
    byte[] key = agent.publicKey().bytes();
    byte[] rest =
        ByteBuffer.allocate(2 + key.length + 24)
            .put((byte) 1)
            .put((byte) agent.algorithm().wireId())
            .put(key)
            .putLong(TIME)
            .put(ProofCases.NONCE)
            .array();
    return tag.isEmpty() ? rest : Messages.join(Messages.tag("TAPER"), Messages.suffix(tag), rest);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] digests(String issuer, String subject, String details) {
    return Messages.join(
        Messages.sha256(bytes(issuer)),
        Messages.sha256(bytes(subject)),
        Messages.sha256(bytes(details)));
  }

  private static byte[] message(PrivateKey agent, String issuer, String subject, String details) {
    return Messages.join(header(agent, "EXCHANGE"), digests(issuer, subject, details));
  }

  private static byte[] proof(PrivateKey agent, byte[] digests, byte[] message) {
    return Messages.join(header(agent, ""), Messages.hints(digests), agent.sign(message));
  }

  private static byte[] good(PrivateKey agent) {
    return proof(
        agent, digests(ISSUER, SUBJECT, DETAILS), message(agent, ISSUER, SUBJECT, DETAILS));
  }

  private void made(String name, String agent, PrivateKey key, String subject, String details) {
    byte[] message = message(key, ISSUER, subject, details);
    cases.add(
        name,
        null,
        "agent",
        agent,
        "key",
        key.publicKey(),
        "issuer",
        ISSUER,
        "subject_token",
        subject,
        "details",
        details,
        "time",
        TIME,
        "nonce",
        ProofCases.NONCE,
        "message",
        message,
        "proof",
        Messages.base64(proof(key, digests(ISSUER, subject, details), message)),
        "now",
        TIME,
        "expect",
        Json.object("ok", key.publicKey()));
  }

  private void addMade() {
    made("a proof of Ed25519", "planner", Cast.PLANNER, SUBJECT, DETAILS);
    made("a proof of P-256", "scraper", Cast.SCRAPER, SUBJECT, DETAILS);
    made("details with white space", "planner", Cast.PLANNER, SUBJECT, " " + DETAILS + "\n");
    made(
        "details beyond ASCII",
        "planner",
        Cast.PLANNER,
        SUBJECT,
        DETAILS.replace("T-4711\"", "T-4711\",\"purpose\":\"prüfen ✓\""));
  }

  private void read(String name, byte[] proof, long now, String code) {
    read(name, Messages.base64(proof), now, code);
  }

  private void read(String name, String proof, long now, String code) {
    cases.add(
        name,
        null,
        "issuer",
        ISSUER,
        "subject_token",
        SUBJECT,
        "details",
        DETAILS,
        "proof",
        proof,
        "now",
        now,
        "expect",
        code.equals(TAKEN)
            ? Json.object("ok", Cast.PLANNER.publicKey())
            : Json.object("code", code));
  }

  private void addOthers() {
    PrivateKey agent = Cast.PLANNER;
    byte[] own = digests(ISSUER, SUBJECT, DETAILS);
    String[][] others = {
      {"another issuer", "https://issuer.example.org", SUBJECT, DETAILS},
      {"another subject token", ISSUER, SUBJECT + "x", DETAILS},
      {"other details", ISSUER, SUBJECT, DETAILS.replace("read", "write")},
      {"the same details otherwise spelled", ISSUER, SUBJECT, DETAILS + " "}
    };
    for (String[] other : others) {
      byte[] message = message(agent, other[1], other[2], other[3]);
      read(
          "a proof for " + other[0],
          proof(agent, digests(other[1], other[2], other[3]), message),
          TIME,
          "request_mismatch");
      read(
          "a proof for " + other[0] + ", with hints of this",
          proof(agent, own, message),
          TIME,
          "proof_mismatch");
    }
    byte[] message = message(agent, ISSUER, SUBJECT, DETAILS);
    read(
        "a signature by another key",
        Messages.join(header(agent, ""), Messages.hints(own), Cast.MALLORY.sign(message)),
        TIME,
        "proof_mismatch");
    for (String tag : new String[] {"PROOF", "OFFER", "APPROVAL"}) {
      byte[] tagged = Messages.join(header(agent, tag), own);
      read("a signature of the tag " + tag, proof(agent, own, tagged), TIME, "proof_mismatch");
    }
    byte[] later = good(agent);
    later[KEY_AT + 32 + 7] ^= 1;
    read("a changed time", later, TIME, "proof_mismatch");
    byte[] nonce = good(agent);
    nonce[KEY_AT + 32 + 8] ^= 1;
    read("a changed nonce", nonce, TIME, "proof_mismatch");
  }

  private void addTimes() {
    byte[] proof = good(Cast.PLANNER);
    read("the end of the window", proof, TIME + 60_000, TAKEN);
    read("too late by a millisecond", proof, TIME + 60_001, "proof_expired");
    read("the beginning of the window", proof, TIME - 30_000, TAKEN);
    read("too early by a millisecond", proof, TIME - 30_001, "proof_not_yet_valid");
  }

  private void malformed(String name, byte[] proof) {
    read(name, proof, TIME, "malformed_holder_proof");
  }

  private void addMalformed() {
    byte[] proof = good(Cast.PLANNER);
    malformed("nothing", new byte[0]);
    malformed("a version alone", new byte[] {1});
    malformed("another version", with(proof, 0, 2));
    malformed("an unknown algorithm", with(proof, 1, 2));
    malformed("a time that is out of range", with(proof, KEY_AT + 32, 0x80));
    malformed("cut by a byte", Arrays.copyOf(proof, proof.length - 1));
    malformed("a byte more", Arrays.copyOf(proof, proof.length + 1));
    String text = Messages.base64(proof);
    read("with padding", text + "=", TIME, "malformed_holder_proof");
    read("in other letters", "+" + text.substring(1), TIME, "malformed_holder_proof");
    read("with white space", " " + text, TIME, "malformed_holder_proof");
    byte[] key = good(Cast.SCRAPER);
    key[KEY_AT] = 5;
    read("a key that is none", key, TIME, "invalid_key");
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }
}
