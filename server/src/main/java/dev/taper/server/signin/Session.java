package dev.taper.server.signin;

import java.time.Instant;

/**
 * One person at one browser, for a bounded time. The cookie that names it stays in the browser; the
 * token is what its pages state in everything that they do. Thread-safe.
 */
public final class Session {
  private final SignedIn person;
  private final String token;
  private final String browser;
  private final Instant ends;
  private volatile Instant used;

  Session(SignedIn person, String browser, Instant now, Instant ends) {
    this.person = person;
    this.token = Secrets.next();
    this.browser = browser;
    this.used = now;
    this.ends = ends;
  }

  /** Whose it is. */
  public SignedIn person() {
    return person;
  }

  /** What its pages state in everything that they do; not to be shown, logged or put into a URL. */
  public String token() {
    return token;
  }

  /** When it ends at the latest. */
  public Instant ends() {
    return ends;
  }

  /** True if a text is the token. */
  public boolean isToken(String text) {
    return Secrets.same(token, text);
  }

  boolean isOf(String otherBrowser) {
    return browser.equals(otherBrowser);
  }

  Instant used() {
    return used;
  }

  void use(Instant now) {
    used = now;
  }

  /** Whose it is, without its token. */
  @Override
  public String toString() {
    return "Session(" + person.subject() + ", until " + ends + ")";
  }
}
