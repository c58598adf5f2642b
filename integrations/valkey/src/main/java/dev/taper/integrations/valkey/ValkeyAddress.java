package dev.taper.integrations.valkey;

import dev.taper.ErrorCode;
import dev.taper.SecretFile;
import dev.taper.TaperException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a store in a server: {@code valkey://[USER@]HOST[:PORT][?PARAMETERS]}. It holds no
 * password, only where one is.
 *
 * @param shown the form that may be printed
 * @param host the server's name or address
 * @param port its port
 * @param tls whether the connection is encrypted
 * @param user who signs in; null for the server's default user
 * @param name the name of the store in the server
 * @param passwordFile the file that holds the password, or null
 * @param passwordEnv the environment's variable that holds the password, or null
 * @param authorities the certificates in PEM form by which the server is known; null for those of
 *     the JVM
 */
record ValkeyAddress(
    String shown,
    String host,
    int port,
    boolean tls,
    @Nullable String user,
    String name,
    @Nullable Path passwordFile,
    @Nullable String passwordEnv,
    @Nullable Path authorities) {
  static final String FORM =
      "valkey://[USER@]HOST[:PORT][?name=NAME&password-file=FILE], or rediss:// with TLS";

  private static final int PORT = 6379;
  private static final int MAX_PASSWORD_BYTES = 4096;
  private static final Set<String> PLAIN = Set.of("valkey", "redis");
  private static final Set<String> ENCRYPTED = Set.of("valkeys", "rediss");
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> PARAMETERS =
      Set.of("name", "password-file", "password-env", "ca", "tls");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** True if a text is meant as the address of such a server. */
  static boolean isMeant(String text) {
    String scheme = text.split(":", 2)[0].toLowerCase(Locale.ROOT);
    return text.contains(":") && (PLAIN.contains(scheme) || ENCRYPTED.contains(scheme));
  }

  /**
   * Reads an address.
   *
   * @param folder where relative files start
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is none; the message does not
   *     quote it, because it may hold a password
   */
  static ValkeyAddress parse(String text, Path folder) {
    URI uri = uri(text);
    String scheme = Objects.requireNonNullElse(uri.getScheme(), "");
    String host = uri.getHost();
    boolean isPlain = PLAIN.contains(scheme);
    if ((!isPlain && !ENCRYPTED.contains(scheme)) || host == null) {
      throw invalid("a store in Valkey is " + FORM);
    }
    String user = uri.getUserInfo();
    if (user != null && user.contains(":")) {
      throw invalid(
          "a password is no part of the address of a store in Valkey: say ?password-file=FILE");
    }
    if (!Objects.requireNonNullElse(uri.getPath(), "").isEmpty() || uri.getFragment() != null) {
      throw invalid("a store in Valkey has a name, ?name=NAME, and no path");
    }
    Map<String, String> parameters = parameters(uri.getRawQuery());
    String name = parameters.getOrDefault("name", "default");
    if (!NAME.matcher(name).matches()) {
      throw invalid("the name of a store has 1 to 64 letters, digits and . _ -");
    }
    boolean isHere = THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
    if (isPlain && !isHere && !"off".equals(parameters.get("tls"))) {
      throw invalid(
          "a server on another machine is asked with TLS, rediss://HOST; say ?tls=off to do without");
    }
    if (parameters.containsKey("password-file") && parameters.containsKey("password-env")) {
      throw invalid("a password is in a file or in the environment, not in both");
    }
    return new ValkeyAddress(
        scheme + "://" + uri.getAuthority().replaceFirst(".*@", "") + " (" + name + ")",
        host,
        uri.getPort() < 0 ? PORT : uri.getPort(),
        !isPlain,
        user,
        name,
        file(parameters.get("password-file"), folder),
        parameters.get("password-env"),
        file(parameters.get("ca"), folder));
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw invalid("a store in Valkey is " + FORM); // without the cause, which quotes the text
    }
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String each : query == null ? new String[0] : query.split("&", -1)) {
      int end = each.indexOf('=');
      String name = end < 0 ? each : each.substring(0, end);
      if (!PARAMETERS.contains(name)) {
        throw invalid(
            "the address of a store in Valkey has the parameters name, password-file,"
                + " password-env, ca and tls, and no others");
      }
      String value =
          end < 0 ? "" : URLDecoder.decode(each.substring(end + 1), StandardCharsets.UTF_8);
      if (value.isEmpty() || parameters.put(name, value) != null) {
        throw invalid("the parameter " + name + " has one value");
      }
    }
    String tls = parameters.get("tls");
    if (tls != null && !tls.equals("off")) {
      throw invalid("the parameter tls can only be off; rediss:// asks with TLS");
    }
    return parameters;
  }

  private static @Nullable Path file(@Nullable String name, Path folder) {
    try {
      return name == null ? null : folder.resolve(name);
    } catch (RuntimeException e) {
      throw invalid("not the name of a file");
    }
  }

  /**
   * Reads the password, anew each time, so that it can be changed.
   *
   * @return the password; null for none
   * @throws TaperException {@link ErrorCode#FILE_UNAVAILABLE} if it cannot be read, {@link
   *     ErrorCode#SECRET_EXPOSED} if others can read its file
   */
  char @Nullable [] password() {
    if (passwordEnv != null) {
      String value = System.getenv(passwordEnv);
      if (value == null) {
        throw new TaperException(
            ErrorCode.FILE_UNAVAILABLE, "the environment has no variable " + passwordEnv);
      }
      return value.toCharArray();
    }
    if (passwordFile == null) {
      return null;
    }
    try {
      byte[] bytes = SecretFile.read(passwordFile, MAX_PASSWORD_BYTES);
      CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
      Arrays.fill(bytes, (byte) 0);
      int end = text.length();
      while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
        end--;
      }
      return Arrays.copyOfRange(text.array(), text.arrayOffset(), text.arrayOffset() + end);
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.FILE_UNAVAILABLE, "cannot read the file of the password: " + passwordFile, e);
    }
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
