package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Files of names, and who may have signed them. */
final class NamesCases {
  private static final String INVALID = "invalid_names";
  private static final String TAG = "\0TAPER\0NAMES\0";

  private final Cases cases =
      new Cases(
          "names",
          "Files of names, by docs/profile.md, section 8: who is who, what a signature covers, and"
              + " which are not taken. Without trusted keys nobody looks at the signature.");

  private NamesCases() {}

  static JsonNode file() {
    NamesCases all = new NamesCases();
    all.addGood();
    all.addSigned();
    all.addMalformed();
    return all.cases.file();
  }

  private static NamesFile whole() {
    return NamesFile.builder()
        .number(7)
        .agent("agent:planner", Cast.PLANNER.publicKey(), Cast.PLANNER_2.publicKey())
        .agent("agent:scraper", Cast.SCRAPER.publicKey())
        .approver("user:boss@acme.com", Cast.BOSS.publicKey())
        .approver("user:lawyer@acme.com", Cast.LAWYER.publicKey())
        .group("finance", "user:boss@acme.com", "user:lawyer@acme.com")
        .issuer("issuer:acme", Cast.ROOT.publicKey(), Cast.ROOT_P256.publicKey())
        .build();
  }

  private void addGood() {
    good("all sections", whole().write());
    good("no section", "{\"format\":\"taper/1 names\"}");
    good(
        "one key without an array, in any layout",
        "{ \"agents\" : {\"agent:planner\": \""
            + Cast.PLANNER.publicKey()
            + "\"},\n"
            + "  \"format\": \"taper\\u002f1 names\", \"number\": 7.0 }");
    good("signed, and nobody looks at that", whole().sign(Cast.AUDITOR));
  }

  private void good(String name, String text) {
    NamesFile names = NamesFile.parse(text);
    cases.add(name, null, "text", text, "expect", Cases.ok(NamesRunner.said(names)));
  }

  private void addSigned() {
    String text = whole().sign(Cast.AUDITOR);
    signed("signed by the trusted key", text, Cast.AUDITOR);
    signed("signed with P-256", whole().sign(Cast.BOSS), Cast.BOSS);
    signed("in another layout", relaid(text), Cast.AUDITOR);
    refused("signed by another key", "hostile_names", text, Cast.MALLORY);
    String signature = text.replaceAll("(?s).*\"signature\": \"([0-9a-f]*)\".*", "$1");
    refused(
        "a signature in upper case",
        null,
        text.replace(signature, signature.toUpperCase(Locale.ROOT)),
        Cast.AUDITOR);
    refused("not signed", "hostile_names", whole().write(), Cast.AUDITOR);
    refused(
        "a key was added",
        "hostile_names",
        text.replace(Cast.PLANNER_2.publicKey().toString(), Cast.MALLORY.publicKey().toString()),
        Cast.AUDITOR);
    refused(
        "another number",
        "hostile_names",
        text.replace("\"number\": 7", "\"number\": 8"),
        Cast.AUDITOR);
    refused(
        "the signer was changed",
        "hostile_names",
        text.replace(
            "\"signer\": \"" + Cast.AUDITOR.publicKey(),
            "\"signer\": \"" + Cast.MALLORY.publicKey()),
        Cast.AUDITOR,
        Cast.MALLORY);
    refused(
        "a signature of the text without its tag",
        "hostile_names",
        text.replaceAll(
            "\"signature\": \"[0-9a-f]*\"",
            "\"signature\": \""
                + HexFormat.of().formatHex(Cast.AUDITOR.sign(canonical(text)))
                + "\""),
        Cast.AUDITOR);
    older("older than the one in use", whole().write(), "8");
    newer("as old as the one in use", whole().write(), "7");
    older(
        "older by one, in numbers of 54 bits",
        with("\"number\":9007199254740992"),
        "9007199254740993");
    newer(
        "newer by one, in numbers of 54 bits",
        with("\"number\":9007199254740993"),
        "9007199254740992");
    newer("the largest number", with("\"number\":9223372036854775807"), "9223372036854775806");
  }

  /** What is signed, in the text form that the case also states. */
  static byte[] message(String text) {
    return Messages.join(TAG.getBytes(StandardCharsets.US_ASCII), canonical(text));
  }

  private static byte[] canonical(String text) {
    String whole = CanonicalJson.object(text, "the file");
    return whole.replaceAll("\"signature\":\"[0-9a-f]*\",", "").getBytes(StandardCharsets.UTF_8);
  }

  private static String relaid(String text) {
    return CanonicalJson.object(text, "the file");
  }

  private void signed(String name, String text, PrivateKey by) {
    cases.add(
        name,
        null,
        "text",
        text,
        "trusted",
        List.of(by.publicKey()),
        "message",
        message(text),
        "expect",
        Cases.ok(NamesRunner.said(NamesFile.parseSigned(text, by.publicKey()))));
  }

  private void refused(String name, @Nullable String attack, String text, PrivateKey... trusted) {
    List<String> keys = new ArrayList<>();
    for (PrivateKey key : trusted) {
      keys.add(key.publicKey().toString());
    }
    cases.add(name, attack, "text", text, "trusted", keys, "expect", Cases.code(INVALID));
  }

  private void newer(String name, String text, String earlier) {
    cases.add(
        name,
        null,
        "text",
        text,
        "earlier",
        earlier,
        "expect",
        Cases.ok(NamesRunner.said(NamesFile.parse(text))));
  }

  private void older(String name, String text, String earlier) {
    cases.add(
        name, "hostile_names", "text", text, "earlier", earlier, "expect", Cases.code(INVALID));
  }

  private void addMalformed() {
    String planner = Cast.PLANNER.publicKey().toString();
    malformed("no JSON", "{");
    malformed("an array", "[]");
    malformed("no format", "{}");
    malformed("another format", "{\"format\":\"taper/2 names\"}");
    malformed("a member of no format", with("\"services\":{}"));
    malformed("a section twice", with("\"agents\":{},\"agents\":{}"));
    malformed("a number that is negative", with("\"number\":-1"));
    malformed("a number that is not whole", with("\"number\":1.5"));
    malformed("a number beyond 63 bits", with("\"number\":9223372036854775808"));
    malformed("a number in quotes", with("\"number\":\"1\""));
    malformed("an agent without a key", with("\"agents\":{\"agent:a\":[]}"));
    malformed("a key that is none", with("\"agents\":{\"agent:a\":\"ed25519/00\"}"));
    malformed(
        "a key that is no point of its curve",
        with("\"agents\":{\"agent:a\":\"secp256r1/02" + "00".repeat(31) + "01\"}"));
    malformed("a key twice", with(agents("agent:a", planner, planner)));
    String digits = planner.substring(planner.indexOf('/') + 1);
    String upper = planner.replace(digits, digits.toUpperCase(Locale.ROOT));
    malformed("a key in upper case", with(agents("agent:a", upper)));
    malformed("a key in two spellings", with(agents("agent:a", planner, upper)));
    malformed("a signer that is none", with("\"number\":1,\"signer\":\"a\",\"signature\":\"00\""));
    malformed(
        "a signature that is no text",
        with("\"number\":1,\"signer\":\"" + planner + "\",\"signature\":0"));
    malformed(
        "a signature that is no hexadecimal",
        with("\"number\":1,\"signer\":\"" + planner + "\",\"signature\":\"0\""));
    malformed(
        "a signer in upper case",
        with("\"number\":1,\"signer\":\"" + upper + "\",\"signature\":\"00\""));
    malformed(
        "a key with two names",
        with(agents("agent:a", planner) + ",\"approvers\":{\"user:b\":\"" + planner + "\"}"));
    malformed("a name with a hidden character", with(agents("agent:a\\u200b", planner)));
    malformed("a name with a space at its end", with(agents("agent:a ", planner)));
    malformed("an empty name", with(agents("", planner)));
    malformed("a name of 1,025 bytes", with(agents("a".repeat(1025), planner)));
    malformed("a member of a group who is no approver", with("\"groups\":{\"g\":[\"user:b\"]}"));
    malformed("a signature without a signer", with("\"number\":1,\"signature\":\"00\""));
    malformed("a signer without a signature", with("\"number\":1,\"signer\":\"" + planner + "\""));
    malformed(
        "signed, without a number", with("\"signer\":\"" + planner + "\",\"signature\":\"00\""));
  }

  private static String with(String members) {
    return "{\"format\":\"taper/1 names\"," + members + "}";
  }

  private static String agents(String name, String... keys) {
    return "\"agents\":{\"" + name + "\":[\"" + String.join("\",\"", keys) + "\"]}";
  }

  private void malformed(String name, String text) {
    cases.add(name, null, "text", text, "expect", Cases.code(INVALID));
  }
}
