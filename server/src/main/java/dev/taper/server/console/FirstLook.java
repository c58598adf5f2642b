package dev.taper.server.console;

import dev.taper.server.console.page.PageFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a console once for what a browser will, at its own address: whoever opens the link then does
 * not wait for all that runs for the first time. It has a link and a session of its own, which it
 * ends. For one thread.
 */
final class FirstLook {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Pattern COOKIE = Pattern.compile("\r\nSet-Cookie: ([^;\r]+)");
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([\\w-]+)\"");

  private final String authority;
  private final PageFiles files;
  private final Sessions sessions;
  private String own = "";

  /**
   * Looks at a console.
   *
   * @param authority where it listens, as its page sees it
   */
  FirstLook(String authority, PageFiles files, Sessions sessions) {
    this.authority = authority;
    this.files = files;
    this.sessions = sessions;
  }

  /**
   * Looks. What the console refuses is told to whoever opens it.
   *
   * @throws IOException if it does not answer
   */
  void look() throws IOException {
    var unusedPage = answer("GET", files.first(), "");
    var unusedScript = answer("GET", files.script(), "");
    String opened = answer("POST", "/api/session", "{\"link\":\"" + sessions.link() + "\"}");
    Matcher cookie = COOKIE.matcher(opened);
    Matcher token = TOKEN.matcher(opened);
    if (cookie.find() && token.find()) {
      own = "Cookie: " + cookie.group(1) + "\r\nTaper-Session: " + token.group(1) + "\r\n";
      var unusedTrust = answer("GET", "/api/trust", "");
      var unusedAsks = answer("GET", "/api/asks?state=open&limit=20", "");
      var unusedEnd = answer("DELETE", "/api/session", "");
    }
  }

  private String answer(String method, String target, String content) throws IOException {
    String request =
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: "
            + authority
            + "\r\nOrigin: http://"
            + authority
            + "\r\n"
            + own
            + "Content-Type: application/json\r\nContent-Length: "
            + content.length()
            + "\r\nConnection: close\r\n\r\n"
            + content;
    URI address = URI.create("http://" + authority);
    try (Socket socket = new Socket(InetAddress.getByName(address.getHost()), address.getPort())) {
      socket.setSoTimeout((int) LONGEST.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
