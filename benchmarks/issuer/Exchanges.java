import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Makes what the measuring script sends: {@code world FOLDER} writes the issuer's files, {@code
 * provider FOLDER} publishes the provider's keys until it is stopped, {@code forms FOLDER COUNT}
 * writes forms, each with a token of its own (RS256, 2048 bits, as most providers sign) and a proof.
 */
public final class Exchanges {
  private static final String ISSUER = "http://127.0.0.1:18480";
  private static final int PROVIDER = 18580;
  private static final String DETAILS =
      "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T-4711\","
          + "\"grants\":[\"jira.search read on jira:project/ACME/Q3/*\"],\"expires_in\":600}]";

  private Exchanges() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "world" -> world(folder);
      case "provider" -> provider(folder);
      default -> forms(folder, Integer.parseInt(arguments[2]));
    }
  }

  private static void world(Path folder) throws Exception {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    root.save(folder.resolve("root.key"));
    planner.save(folder.resolve("planner.key"));
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("audit.key"));
    Files.writeString(folder.resolve("root.pub"), root.publicKey().toString());
    Files.writeString(folder.resolve("planner.pub"), planner.publicKey().toString());
    Files.writeString(
        folder.resolve("provider.json"), new RSAKeyGenerator(2048).keyID("k").generate().toString());
    Files.writeString(
        folder.resolve("service.yaml"),
        "audience: svc:issuer\nroot-keys: root.pub\ncatalog: none\nrevocations: none\n"
            + "audit: {log: audit.log, key: audit.key}\nregistry: sqlite:issuer.db\n");
    String text = Files.readString(folder.resolve("example.yaml"));
    Files.writeString(
        folder.resolve("issuer.yaml"),
        text.replace("http://127.0.0.1:8480", ISSUER)
                .replace("http://127.0.0.1:8580/acme", "http://127.0.0.1:" + PROVIDER)
            + "turns-per-minute: 1000000\n");
  }

  private static void provider(Path folder) throws Exception {
    String keys = new JWKSet(key(folder).toPublicJWK()).toString();
    String issuer = "http://127.0.0.1:" + PROVIDER;
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), PROVIDER), 0);
    answer(
        server,
        "/.well-known/openid-configuration",
        "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}");
    answer(server, "/keys", keys);
    server.start();
    System.out.println("ready");
  }

  private static void answer(HttpServer server, String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
  }

  private static RSAKey key(Path folder) throws Exception {
    return RSAKey.parse(Files.readString(folder.resolve("provider.json")));
  }

  private static void forms(Path folder, int count) throws Exception {
    RSASSASigner signer = new RSASSASigner(key(folder));
    PrivateKey planner = PrivateKey.load(folder.resolve("planner.key"));
    try (BufferedWriter out =
        new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.US_ASCII))) {
      IntStream.range(0, count)
          .parallel()
          .mapToObj(i -> form(signer, planner))
          .forEach(
              form -> {
                try {
                  synchronized (out) {
                    out.write(form + "\n");
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
    }
  }

  private static String form(RSASSASigner signer, PrivateKey planner) {
    Instant now = Instant.now();
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT).keyID("k").build(),
            new JWTClaimsSet.Builder()
                .issuer("http://127.0.0.1:" + PROVIDER)
                .subject("248289761001")
                .audience(ISSUER)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .jwtID(UUID.randomUUID().toString())
                .claim("azp", "planner-app")
                .claim("email", "alice@acme.com")
                .build());
    try {
      jwt.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    String token = jwt.serialize();
    String proof =
        ExchangeProof.make(
                planner, new ExchangeProof.Subject(ISSUER, token, DETAILS), Clock.systemUTC())
            .encodeBase64();
    return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token="
        + token
        + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token&actor_token="
        + proof
        + "&actor_token_type=dev.taper%3Aexchange-proof&authorization_details="
        + URLEncoder.encode(DETAILS, StandardCharsets.UTF_8);
  }
}
