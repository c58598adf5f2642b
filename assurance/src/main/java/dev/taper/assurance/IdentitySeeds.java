package dev.taper.assurance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The first tokens and keys of a provider of sign-ins, and keys that are held back. */
final class IdentitySeeds {
  private IdentitySeeds() {}

  static void write(Seeds seeds) throws IOException {
    tokens(seeds);
    claims(seeds);
    keys(seeds);
    heldBack(seeds);
  }

  private static void tokens(Seeds seeds) throws IOException {
    String good =
        ProviderTokens.signed(ProviderTokens.KEY, ProviderTokens.HEADER, ProviderTokens.CLAIMS);
    seeds.add(Harness.IDENTITY_TOKEN, "signed", good);
    seeds.add(Harness.IDENTITY_TOKEN, "space-before", " " + good);
    seeds.add(Harness.IDENTITY_TOKEN, "line-behind", good + "\n");
    seeds.add(Harness.IDENTITY_TOKEN, "cut", good.substring(0, good.length() - 4));
    seeds.add(
        Harness.IDENTITY_TOKEN,
        "by-a-stranger",
        ProviderTokens.signed(
            ProviderTokens.STRANGER, ProviderTokens.HEADER, ProviderTokens.CLAIMS));
    seeds.add(
        Harness.IDENTITY_TOKEN,
        "unsigned",
        ProviderTokens.base64("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII))
            + good.substring(good.indexOf('.'), good.lastIndexOf('.') + 1));
  }

  private static void claims(Seeds seeds) throws IOException {
    String good = ProviderTokens.HEADER + "\n" + ProviderTokens.CLAIMS;
    claims(seeds, "person", good);
    claims(seeds, "access-token", good.replace("\"JWT\"", "\"at+jwt\""));
    claims(seeds, "no-key-named", good.replace("\"kid\":\"k\",", ""));
    claims(
        seeds,
        "two-audiences",
        good.replace("\"https://i.example\"", "[\"a\",\"https://i.example\"]"));
    claims(
        seeds,
        "more-claims",
        good.replace("\"sub\"", "\"nbf\":1893499200,\"jti\":\"j\",\"nonce\":\"n\",\"sub\""));
    claims(seeds, "another-issuer", good.replace("//idp.", "//evil."));
    claims(seeds, "another-audience", good.replace("//i.", "//j."));
    claims(seeds, "ended", good.replace("1893499500", "1893499200"));
    claims(seeds, "of-the-future", good.replace("\"iat\":1893499200", "\"iat\":1893499270"));
    claims(seeds, "not-yet", good.replace("\"sub\"", "\"nbf\":1893499270,\"sub\""));
    claims(
        seeds,
        "not-before-all-time",
        good.replace("\"sub\"", "\"nbf\":189349927184467440737095516160,\"sub\""));
    claims(seeds, "no-end", good.replace("\"exp\"", "\"end\""));
    claims(seeds, "nobody", good.replace("\"sub\"", "\"azp2\""));
    claims(seeds, "end-as-text", good.replace("1893499500", "\"1893499500\""));
    claims(seeds, "issuer-twice", good.replace("{\"iss\"", "{\"iss\":\"x\",\"iss\""));
    claims(seeds, "another-type", good.replace("\"JWT\"", "\"logout+jwt\""));
    claims(seeds, "another-algorithm", good.replace("ES256", "HS256"));
    claims(
        seeds, "critical", good.replace("{\"alg\"", "{\"crit\":[\"b64\"],\"b64\":false,\"alg\""));
  }

  private static void claims(Seeds seeds, String name, String text) throws IOException {
    seeds.add(Harness.IDENTITY_CLAIMS, name, text);
  }

  private static void keys(Seeds seeds) throws IOException {
    String kid = ",\"kid\":\"k\"";
    String good = ProviderTokens.entry(ProviderTokens.KEY, kid);
    String another = ProviderTokens.entry(Keys.ANOTHER, ",\"kid\":\"a\"");
    keys(seeds, "one", good);
    keys(seeds, "two", another, good);
    keys(
        seeds,
        "for-signatures",
        ProviderTokens.entry(ProviderTokens.KEY, kid + ",\"use\":\"sig\",\"alg\":\"ES256\""));
    keys(
        seeds,
        "unknown-kinds",
        "{\"kty\":\"AKP\",\"kid\":\"p\"}",
        "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"k\"}",
        good);
    keys(seeds, "another", another);
    keys(seeds, "another-name", ProviderTokens.entry(ProviderTokens.KEY, ",\"kid\":\"l\""));
    keys(
        seeds,
        "for-encryption",
        ProviderTokens.entry(ProviderTokens.KEY, kid + ",\"use\":\"enc\""));
    keys(
        seeds,
        "another-algorithm",
        ProviderTokens.entry(ProviderTokens.KEY, kid + ",\"alg\":\"ES384\""));
    keys(seeds, "no-point", good.replace("\"y\":\"", "\"y\":\"AAAA"));
    keys(seeds, "symmetric", "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"k\"}");
    keys(seeds, "none");
    seeds.add(Harness.PROVIDER_KEYS, "no-set", "{\"issuer\":\"https://idp.example.com\"}");
    seeds.add(Harness.PROVIDER_KEYS, "page", "<html><body>busy</body></html>");
  }

  private static void keys(Seeds seeds, String name, String... entries) throws IOException {
    seeds.add(Harness.PROVIDER_KEYS, name, ProviderTokens.set(entries));
  }

  private static void heldBack(Seeds seeds) throws IOException {
    String planner = Keys.PLANNER.publicKey() + " 2030-01-01T12:00:00Z repeated_denials planner\n";
    String researcher = Keys.RESEARCHER.publicKey() + " the best, by far";
    held(seeds, "two", planner + researcher + "\n");
    held(seeds, "no-words", "\n" + Keys.PLANNER.publicKey() + "\r\n \t\n" + researcher);
    held(seeds, "twice", planner + researcher + "\n" + planner.replace("denials", "guesses"));
    held(seeds, "nobody", "");
    held(seeds, "no-key", planner + "agent:researcher what it did\n");
    held(seeds, "no-point", "ed25519/" + "02".repeat(32) + " somebody\n");
    held(seeds, "short-key", planner.substring(0, 40) + " somebody\n");
    seeds.add(Harness.HELD_BACK_FILE, "not-utf8", new byte[] {(byte) 0xff, '\n'});
  }

  private static void held(Seeds seeds, String name, String text) throws IOException {
    seeds.add(Harness.HELD_BACK_FILE, name, text);
  }
}
