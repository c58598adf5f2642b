package dev.taper.operations.keeper;

import dev.taper.CheckReturnValue;
import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Prover;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks a keeper: a process of the same user that keeps keys and tokens, and uses them without ever
 * giving a key away. Each request is a connection of its own. What a keeper refuses is an {@link
 * OperationException} with the keeper's code, such as {@code locked} or {@code unknown_key}; {@code
 * no_keeper} if there is none. Immutable and thread-safe.
 */
@CheckReturnValue
public final class KeeperClient {
  /**
   * A key that a keeper has. Immutable and thread-safe.
   *
   * @param name what the keeper calls it
   * @param key its public half
   * @param place where its secret is: {@code store}, {@code memory} or {@code pkcs11}
   * @param isConfirmed whether the keeper asks its user before each use
   * @param until when the keeper forgets it; null for never
   */
  public record KeptKey(
      String name, PublicKey key, String place, boolean isConfirmed, @Nullable Instant until) {}

  /**
   * A token that a keeper has. Immutable and thread-safe.
   *
   * @param name what the keeper calls it
   * @param token the token in base64url, which is of no use without its holder's key
   * @param key the keeper's name of the holder's key
   * @param holder the holder's name in the token
   * @param delegator for whom the first agent acts
   * @param task what it is for
   * @param audiences the services for which it is used; empty for all
   * @param authority what is left of the authority, in words
   * @param expires when the authority ends; null if it does not say
   * @param until when the keeper forgets it; null for never
   */
  public record KeptToken(
      String name,
      String token,
      String key,
      String holder,
      String delegator,
      String task,
      List<String> audiences,
      String authority,
      @Nullable Instant expires,
      @Nullable Instant until) {
    /**
     * Where a token is renewed.
     *
     * @param url of the issuer's {@code /v1/renew}
     * @param issuer the issuer as an audience, from its user's own configuration
     */
    public record Renewal(String url, String issuer) {}

    /** Copies the list. */
    public KeptToken {
      audiences = List.copyOf(audiences);
    }

    /** Who holds it, by which name. */
    @Override
    public String toString() {
      return "KeptToken(" + name + ", held by " + holder + ")";
    }
  }

  /** The environment variable that names the socket. */
  public static final String VARIABLE = "TAPER_KEEPER";

  /** How long an answer is waited for; a keeper that asks its user needs some of it. */
  public static final Duration PATIENCE = Duration.ofSeconds(130);

  /** The most bytes in the path of a socket, on every system that has them. */
  private static final int MAX_SOCKET_BYTES = 103;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private final Path socket;
  private final Duration patience;

  private KeeperClient(Path socket, Duration patience) {
    this.socket = socket;
    this.patience = patience;
  }

  /**
   * Finds the socket: what {@code TAPER_KEEPER} names; else {@code taper/keeper.sock} in the user's
   * folder for such files ({@code XDG_RUNTIME_DIR}); else {@code .taper/keeper.sock} at home, which
   * is {@code HOME} if that is set.
   *
   * @param environment the variables
   * @param home the user's folder, if the environment does not say
   * @throws OperationException {@code usage} if that is no path of a socket
   */
  public static Path socket(Map<String, String> environment, Path home) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return socket(named);
    }
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    return runtime.isEmpty()
        ? socket(home(environment, home).resolve(".taper").resolve("keeper.sock").toString())
        : socket(runtime + "/taper/keeper.sock");
  }

  /** What {@code HOME} names, as clients in other languages look for it there. */
  private static Path home(Map<String, String> environment, Path otherwise) {
    String named = environment.getOrDefault("HOME", "");
    return named.startsWith("/") ? Path.of(named) : otherwise;
  }

  /**
   * Takes the path of a socket.
   *
   * @throws OperationException {@code usage} if it is none, or longer than systems take
   */
  public static Path socket(String text) {
    try {
      Path path = Path.of(text).toAbsolutePath().normalize();
      if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_BYTES) {
        throw OperationException.usage(
            "the path of a socket has at most "
                + MAX_SOCKET_BYTES
                + " bytes: "
                + Place.shown(text));
      }
      return path;
    } catch (InvalidPathException e) {
      throw OperationException.usage("this is no path: " + Place.shown(text));
    }
  }

  /** A client of the keeper that listens at a socket; connects when it is asked something. */
  public static KeeperClient at(Path socket) {
    return new KeeperClient(socket, PATIENCE);
  }

  /** Returns a client that waits for another time. */
  public KeeperClient patience(Duration newPatience) {
    return new KeeperClient(socket, newPatience);
  }

  /** Where the keeper listens. */
  public Path socket() {
    return socket;
  }

  /**
   * Checks the name of a key or token: small letters, digits, {@code .}, {@code _} and {@code -},
   * at most 64 of them, a letter or digit first.
   *
   * @throws OperationException {@code usage} if it is none
   */
  public static String name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw OperationException.usage(
          "a keeper's names have small letters, digits, '.', '_' and '-', at most 64 of them");
    }
    return name;
  }

  /**
   * Sends a request of docs/keeper.md.
   *
   * @param method such as {@code POST}
   * @param target such as {@code /v1/delegate}
   * @param json the content, one JSON object; null for none
   * @throws OperationException what the keeper says if it refuses; {@code no_keeper}; {@code io} if
   *     there is no answer; {@code malformed_answer} if no keeper answers
   */
  public KeeperAnswer send(String method, String target, @Nullable String json) {
    byte[] content = json == null ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
    byte[] answer = new KeeperConnection(socket, patience).exchange(method, target, content);
    return KeeperAnswer.parse(answer).taken();
  }

  JsonMembers<OperationException> post(String target, JsonFields content) {
    return send("POST", target, content.toJson()).members();
  }

  private JsonMembers<OperationException> get(String target, String member) {
    return KeeperAnswer.having(member, send("GET", target, null).members());
  }

  /** True if the keeper has to be unlocked before it uses a key. */
  public boolean isLocked() {
    return get("/v1/status", "locked").flag("locked");
  }

  /** The keys, in the order of their names. */
  public List<KeptKey> keys() {
    return get("/v1/keys", "keys").objects("keys").stream().map(KeeperClient::key).toList();
  }

  /** The tokens, in the order of their names. */
  public List<KeptToken> tokens() {
    return get("/v1/tokens", "tokens").objects("tokens").stream().map(KeeperClient::token).toList();
  }

  /** One token. */
  public KeptToken token(String name) {
    return token(get("/v1/tokens/" + name(name), "name"));
  }

  /**
   * Signs and proves with a key of the keeper. The keeper refuses to sign what it does not know; it
   * makes proofs itself, with its own time. Whatever it refuses is {@link
   * dev.taper.ErrorCode#SIGNING_FAILED}.
   *
   * @param name the keeper's name of the key
   */
  public Prover signer(String name) {
    return new KeeperKey(this, key(get("/v1/keys/" + name(name), "name")));
  }

  /**
   * Has the keeper make a key.
   *
   * @param name what to call it
   * @param algorithm of the key
   * @param place where its secret is to be: {@code pkcs11}, or null for the keeper's own place
   * @param isConfirmed whether the keeper is to ask its user before each use
   * @param lifetime after what time the keeper forgets it; null for what the keeper does by itself
   */
  public KeptKey newKey(
      String name,
      Algorithm algorithm,
      @Nullable String place,
      boolean isConfirmed,
      @Nullable Duration lifetime) {
    return key(
        post(
            "/v1/keys",
            new JsonFields()
                .put("name", name(name))
                .put("algorithm", algorithm.text())
                .putIfPresent("in", place)
                .putIfPresent("confirm", isConfirmed ? true : null)
                .putIfPresent("lifetime", lifetime == null ? null : lifetime.toSeconds())));
  }

  /**
   * Gives the keeper a token to keep, whose holder's key it has.
   *
   * @param name what to call it
   * @param token the token in base64url
   * @param audiences the services for which alone it is used; empty for all
   * @param renewal where it is renewed; null for nowhere
   * @param lifetime after what time the keeper forgets it; null for what the keeper does by itself
   * @param replaces true to replace the token of that name
   */
  public KeptToken add(
      String name,
      String token,
      List<String> audiences,
      KeptToken.@Nullable Renewal renewal,
      @Nullable Duration lifetime,
      boolean replaces) {
    JsonFields request =
        new JsonFields().put("name", name(name)).put("token", token).put("audiences", audiences);
    if (renewal != null) {
      request.put(
          "renew", new JsonFields().put("url", renewal.url()).put("audience", renewal.issuer()));
    }
    request.putIfPresent("lifetime", lifetime == null ? null : lifetime.toSeconds());
    return token(post("/v1/tokens", request.put("replace", replaces)));
  }

  /**
   * Has the keeper hand a token on to another agent.
   *
   * @param token what the keeper calls it; or a token in base64url that one of its keys holds
   * @param to the next holder
   * @param grants what is left, each an alternative; none for all that there is
   * @param expires when it ends at the latest, in whole seconds
   * @param maxDepth how deep the chain may become; null for as deep as it may be now
   * @return the next holder's token, in base64url
   * @throws OperationException what the keeper says: {@code names_only} if it hands on to others
   *     alone; {@code delegation_warning} if something of it would have no effect
   */
  public String delegate(
      String token, Agent to, List<String> grants, Instant expires, @Nullable Integer maxDepth) {
    return post(
            "/v1/delegate",
            new JsonFields()
                .put("token", token)
                .put("to", new JsonFields().put("name", to.name()).put("key", to.key()))
                .put("grants", grants)
                .put("expires", expires.getEpochSecond())
                .putIfPresent("max_depth", maxDepth)
                .put("strict", true))
        .text("token");
  }

  /** Has the keeper get a token with a later end from its issuer, in place of the one it has. */
  public KeptToken renew(String name) {
    return token(post("/v1/renew", new JsonFields().put("token", name(name))));
  }

  /** Has the keeper forget a key for good, with the tokens that only this key can use. */
  public void forgetKey(String name) {
    KeeperAnswer unused = send("DELETE", "/v1/keys/" + name(name), null);
  }

  /** Has the keeper forget a token. */
  public void forgetToken(String name) {
    KeeperAnswer unused = send("DELETE", "/v1/tokens/" + name(name), null);
  }

  /**
   * Unlocks the keeper.
   *
   * @param passphrase opens the stored keys; null if there are none
   * @param pin opens the device; null if there is none
   */
  public void unlock(char @Nullable [] passphrase, char @Nullable [] pin) {
    var unused =
        post(
            "/v1/unlock",
            new JsonFields()
                .putIfPresent("passphrase", passphrase == null ? null : new String(passphrase))
                .putIfPresent("pin", pin == null ? null : new String(pin)));
  }

  /** Has the keeper forget the secrets until it is unlocked. */
  public void lock() {
    KeeperAnswer unused = send("POST", "/v1/lock", "{}");
  }

  private static KeptKey key(JsonMembers<OperationException> json) {
    PublicKey key;
    try {
      key = PublicKey.parse(json.text("key"));
    } catch (TaperException e) {
      throw KeeperAnswer.malformed("has a key that is none");
    }
    return new KeptKey(
        json.text("name"),
        key,
        json.text("in"),
        KeeperAnswer.having("confirm", json).flag("confirm"),
        instant(json, "until"));
  }

  private static KeptToken token(JsonMembers<OperationException> json) {
    return new KeptToken(
        json.text("name"),
        json.text("token"),
        json.text("key"),
        json.text("holder"),
        json.text("delegator"),
        json.text("task"),
        KeeperAnswer.having("audiences", json).texts("audiences"),
        json.text("authority"),
        instant(json, "expires"),
        instant(json, "until"));
  }

  private static @Nullable Instant instant(JsonMembers<OperationException> json, String name) {
    Long seconds = json.numberOrNull(name);
    try {
      return seconds == null ? null : Instant.ofEpochSecond(seconds);
    } catch (DateTimeException e) {
      throw json.invalid(name, "is no time");
    }
  }

  /** Where the keeper listens. */
  @Override
  public String toString() {
    return "KeeperClient(" + socket + ")";
  }
}
