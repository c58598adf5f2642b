package dev.taper.server.console.view;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.JsonFields;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import java.time.Clock;
import java.util.List;

/** Asks one view after the other, and turns failures into answers. Thread-safe. */
public final class Views {
  private static final int MAX_DETAIL = 500; // columns
  private static final FailureLog FAILURES =
      FailureLog.of(Views.class, "answering the console", Clock.systemUTC());
  private static final HttpAnswer UNKNOWN =
      HttpAnswer.of(HttpRefusal.of(404, "unknown_path", "there is nothing at this path"));

  private final List<View> views;

  /** Asks these, in this order. */
  public Views(List<View> views) {
    this.views = List.copyOf(views);
  }

  /** Answers a question; what is not known is 404, what fails says so. */
  public HttpAnswer answer(ViewRequest request) {
    try {
      for (View view : views) {
        JsonFields answer = view.answer(request);
        if (answer != null) {
          return HttpAnswer.json(200, answer);
        }
      }
      return UNKNOWN;
    } catch (RefusedException e) {
      return HttpAnswer.of(e.refusal());
    } catch (OperationException e) {
      return failed(e);
    } catch (TaperException e) {
      return failed(e);
    }
  }

  private static HttpAnswer failed(OperationException e) {
    int status =
        switch (e.kind()) {
          case USAGE -> 400;
          case NOTHING -> 404;
          case REFUSED -> 409;
          case IO -> 503;
        };
    if (status == 503) {
      FAILURES.failed(e);
    }
    return refusal(status, e.code(), e);
  }

  private static HttpAnswer failed(TaperException e) {
    ErrorCode.Category category = e.code().category();
    boolean isStore = category == ErrorCode.Category.STORE;
    boolean isFull = category == ErrorCode.Category.LIMIT;
    if (isStore || isFull) {
      FAILURES.failed(e);
      return refusal(503, isStore ? "unavailable" : e.code().text(), e);
    }
    return refusal(400, e.code().text(), e);
  }

  private static HttpAnswer refusal(int status, String code, RuntimeException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    return HttpAnswer.of(HttpRefusal.of(status, code, ShownText.of(message, MAX_DETAIL)));
  }
}
