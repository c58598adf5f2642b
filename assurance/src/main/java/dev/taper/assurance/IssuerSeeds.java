package dev.taper.assurance;

import dev.taper.agent.call.ExchangeProof;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The first inputs of an issuer's readers, taken and refused ones. */
final class IssuerSeeds {
  private static final String DETAILS =
      "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T-1\"}]";
  private static final String TOKEN =
      base64("{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"JWT\"}")
          + "."
          + base64(
              "{\"iss\":\"https://idp.example.com\",\"sub\":\"1\",\"aud\":\"https://i.example\","
                  + "\"iat\":1893499200,\"exp\":1893499500,\"azp\":\"planner-app\"}")
          + "."
          + base64("x".repeat(64));

  private IssuerSeeds() {}

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  static void write(Seeds seeds) throws IOException {
    proofs(seeds);
    forms(seeds);
    details(seeds);
    tokens(seeds);
    providers(seeds);
  }

  private static String proof(PrivateKey agent) {
    return ExchangeProof.make(
            agent, new ExchangeProof.Subject("https://i.example", TOKEN, DETAILS), Keys.CLOCK)
        .encodeBase64();
  }

  private static void proofs(Seeds seeds) throws IOException {
    String good = proof(Keys.PLANNER);
    seeds.add(Harness.EXCHANGE_PROOF, "ed25519", good);
    seeds.add(Harness.EXCHANGE_PROOF, "p256", proof(Keys.RESEARCHER));
    seeds.add(Harness.EXCHANGE_PROOF, "padded", good + "=");
    seeds.add(Harness.EXCHANGE_PROOF, "cut", good.substring(0, good.length() - 4));
  }

  private static void forms(Seeds seeds) throws IOException {
    String type = "urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token";
    String good =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token="
            + TOKEN
            + "&subject_token_type="
            + type
            + "&actor_token="
            + proof(Keys.PLANNER)
            + "&actor_token_type=dev.taper%3Aexchange-proof&authorization_details="
            + URLEncoder.encode(DETAILS, StandardCharsets.UTF_8);
    seeds.add(Harness.EXCHANGE_FORM, "exchange", good);
    seeds.add(Harness.EXCHANGE_FORM, "client", good + "&client_id=planner-app&x=a+b%20c&y=");
    seeds.add(Harness.EXCHANGE_FORM, "scope", good + "&scope=openid");
    seeds.add(Harness.EXCHANGE_FORM, "twice", good + "&grant_type=x");
    seeds.add(Harness.EXCHANGE_FORM, "percent", "a=%2&b=%zz");
    seeds.add(Harness.EXCHANGE_FORM, "nothing", "");
  }

  private static void details(Seeds seeds) throws IOException {
    seeds.add(Harness.EXCHANGE_DETAILS, "template", DETAILS);
    seeds.add(
        Harness.EXCHANGE_DETAILS,
        "less",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T-1\",\"purpose\":\"triage\","
            + "\"grants\":[\"jira.search read on jira:project/ACME/* where limit <= 50\"],"
            + "\"audience\":[\"svc:jira\"],\"expires_in\":60,\"max_depth\":0}]");
    seeds.add(
        Harness.EXCHANGE_DETAILS,
        "alternatives",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T-1\",\"grants\":[\"jira.* read\","
            + "\"mail.send write where limit <= 5\"],\"expires_in\":31622400}]");
    seeds.add(
        Harness.EXCHANGE_DETAILS,
        "too-long",
        "[{\"type\":\"taper_grant\",\"template\":\"a\",\"task\":\"T\",\"expires_in\":31622401}]");
    seeds.add(Harness.EXCHANGE_DETAILS, "two", "[{},{}]");
    seeds.add(
        Harness.EXCHANGE_DETAILS,
        "member",
        "[{\"type\":\"taper_grant\",\"template\":\"a\",\"task\":\"T\",\"more\":true}]");
  }

  private static void tokens(Seeds seeds) throws IOException {
    seeds.add(Harness.SUBJECT_TOKEN, "signed", TOKEN);
    seeds.add(
        Harness.SUBJECT_TOKEN,
        "none",
        base64("{\"alg\":\"none\"}") + "." + base64("{\"iss\":\"https://idp.example.com\"}") + ".");
    seeds.add(Harness.SUBJECT_TOKEN, "space-before", " " + TOKEN);
    seeds.add(Harness.SUBJECT_TOKEN, "text", "a.b.c");
  }

  private static void providers(Seeds seeds) throws IOException {
    String good =
        "{\"issuer\":\"https://idp.example.com\",\"jwks_uri\":\"https://idp.example.com/keys\","
            + "\"authorization_endpoint\":\"https://idp.example.com/auth\","
            + "\"token_endpoint\":\"https://idp.example.com/token\",\"scopes_supported\":[\"a\"]}";
    seeds.add(Harness.PROVIDER_DOCUMENT, "document", good);
    seeds.add(
        Harness.PROVIDER_DOCUMENT,
        "another",
        good.replace("idp.example.com\",", "evil.example\","));
    seeds.add(
        Harness.PROVIDER_DOCUMENT,
        "plain",
        good.replace("https://idp.example.com/keys", "http://idp.example.com/keys"));
  }
}
