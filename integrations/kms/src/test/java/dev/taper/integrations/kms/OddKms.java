package dev.taper.integrations.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that has one key and signs as AWS documents it, digests included, until it is told what
 * to answer instead.
 */
final class OddKms implements AutoCloseable {
  static final String ARN = "arn:aws:kms:eu-central-1:123456789012:key/one";

  private static final String HANGS = "hangs";

  /**
   * An answer.
   *
   * @param status its status
   * @param content its content
   */
  record Answer(int status, String content) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Answer always;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final KeyPair pair;

  OddKms() throws IOException, GeneralSecurityException {
    pair = pair("secp256r1");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  static KeyPair pair(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  KeyPair pair() {
    return pair;
  }

  /** What is answered next, before it does as documented again. */
  void next(int status, String content) {
    answers.add(new Answer(status, content));
  }

  /** What is answered from now on. */
  void always(int status, String content) {
    always = new Answer(status, content);
  }

  /** Nothing is answered from now on. */
  void hang() {
    always(0, HANGS);
  }

  /** The bodies of all requests so far. */
  List<String> asked() {
    return Collections.unmodifiableList(asked);
  }

  /** What KMS says of a key. */
  static String publicKey(String keyId, String usage, byte[] der) {
    return "{\"KeyId\":\"%s\",\"KeyUsage\":\"%s\",\"KeySpec\":\"ECC_NIST_P256\",\"PublicKey\":\"%s\",\"SigningAlgorithms\":[\"ECDSA_SHA_256\"]}"
        .formatted(keyId, usage, base64(der));
  }

  /** What KMS says when it has signed. */
  static String signature(byte[] der) {
    return "{\"KeyId\":\"%s\",\"Signature\":\"%s\",\"SigningAlgorithm\":\"ECDSA_SHA_256\"}"
        .formatted(ARN, base64(der));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    asked.add(body);
    Answer next = answers.poll();
    Answer answer = next != null ? next : always;
    if (answer == null) {
      answer = new Answer(200, documented(exchange, body));
    } else if (answer.content().equals(HANGS)) {
      Await.down(closed);
    }
    byte[] content = answer.content().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
    exchange.getResponseHeaders().add("x-amzn-RequestId", "r-1");
    exchange.sendResponseHeaders(answer.status() == 0 ? 500 : answer.status(), content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  private String documented(HttpExchange exchange, String body) {
    if (exchange.getRequestHeaders().getFirst("X-Amz-Target").endsWith(".GetPublicKey")) {
      return publicKey(ARN, "SIGN_VERIFY", pair.getPublic().getEncoded());
    }
    try {
      boolean digest = Objects.equals(member(body, "MessageType"), "DIGEST");
      Signature signer = Signature.getInstance(digest ? "NONEwithECDSA" : "SHA256withECDSA");
      signer.initSign(pair.getPrivate());
      signer.update(message(body));
      return signature(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a request asks to be signed. */
  static byte[] message(String body) {
    return Base64.getDecoder().decode(member(body, "Message"));
  }

  /** A member of a request, all of which are text without escapes. */
  static String member(String body, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(body);
    return found.find() ? found.group(1) : "";
  }

  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
