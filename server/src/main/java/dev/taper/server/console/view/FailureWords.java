package dev.taper.server.console.view;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what failed to a person who looks at a page, to whom names of classes say nothing. */
final class FailureWords {
  private static final int MAX_CAUSES = 8;
  private static final int MAX_COLUMNS = 500;
  private static final Pattern CLASS =
      Pattern.compile("\\b(?:\\w+[.$])*(\\w+(?:Exception|Error))\\b(: )?");
  private static final Map<String, String> KNOWN =
      Map.of(
          "NoSuchFileException", "there is no such file",
          "AccessDeniedException", "permission denied",
          "ConnectException", "nobody answers",
          "UnknownHostException", "there is no such host",
          "SocketTimeoutException", "no answer in time",
          "HttpTimeoutException", "no answer in time",
          "HttpConnectTimeoutException", "no answer in time");

  private FailureWords() {}

  /** The sentences of a failure and of its causes, on one line and safe to show. */
  static String of(Throwable failure) {
    StringBuilder words = new StringBuilder();
    int depth = 0;
    for (Throwable e = failure; e != null && depth < MAX_CAUSES; e = e.getCause(), depth++) {
      String own = isForPeople(e) ? own(e) : "";
      if (words.indexOf(own) < 0) {
        words.append(words.length() == 0 ? "" : ": ").append(own);
      }
    }
    return ShownText.of(
        words.length() == 0 ? "it failed, and does not say why" : words.toString(), MAX_COLUMNS);
  }

  /** Messages of others are made for those who write programs. */
  private static boolean isForPeople(Throwable e) {
    return e instanceof TaperException
        || e instanceof OperationException
        || e instanceof IOException;
  }

  private static String own(Throwable e) {
    String known = KNOWN.get(e.getClass().getSimpleName());
    return known != null ? known : withoutClasses(e.getMessage());
  }

  private static String withoutClasses(@Nullable String message) {
    return CLASS
        .matcher(message == null ? "" : message)
        .replaceAll(
            name -> {
              String known = KNOWN.getOrDefault(name.group(1), "");
              return known.isEmpty() || name.group(2) == null ? known : known + ": ";
            })
        .strip();
  }
}
