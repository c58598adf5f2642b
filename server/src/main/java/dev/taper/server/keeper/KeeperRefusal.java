package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.TaperException;
import org.jspecify.annotations.Nullable;

/**
 * Why a keeper does not do what it is asked for: a status of HTTP, a stable code and a sentence.
 */
public final class KeeperRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  private KeeperRefusal(int status, String code, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.status = status;
    this.code = code;
  }

  static KeeperRefusal of(int status, String code, String detail) {
    return new KeeperRefusal(status, code, detail, null);
  }

  /** The request makes no sense by itself. */
  static KeeperRefusal invalid(String detail) {
    return of(400, "invalid_request", detail);
  }

  /** Something cannot be done now, for a reason outside of the request. */
  static KeeperRefusal unavailable(int status, String code, String detail, Throwable cause) {
    return new KeeperRefusal(status, code, detail, cause);
  }

  /** What the engine refuses keeps its code. */
  static KeeperRefusal of(TaperException e) {
    int status =
        switch (e.code().category()) {
          case STORE -> 503;
          default -> 400;
        };
    return new KeeperRefusal(status, e.code().text(), String.valueOf(e.getMessage()), e);
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** The stable code. */
  public String code() {
    return code;
  }

  /** The answer. */
  JsonFields fields() {
    return new JsonFields().put("status", status).put("code", code).put("detail", detail());
  }

  /** One sentence for people. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
