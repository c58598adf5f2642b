import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.PrivateKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls the service of 'drill' as its agents do, each call with a proof of its own, and has the
 * service whose address is in the file {@code address} decide. Each line of standard input is
 * answered by one: {@code TOKEN KEY WHAT} by {@code allowed}, the code of the denial, or {@code
 * silence}. With {@code until ANSWER} in front, it calls until that is the answer, for as many
 * seconds as its argument says. WHAT is {@code search}, {@code admin}, which nobody is granted, or
 * {@code delete}, perhaps with the file of an approval.
 */
final class Caller {
  private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z_]+)\"");
  private static final int BETWEEN_CALLS_MS = 20;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Caller() {}

  public static void main(String[] args) throws Exception {
    Duration patience = Duration.ofSeconds(Long.parseLong(args[0]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      System.out.println(words[0].equals("until") ? until(words, patience) : call(words, 0));
    }
  }

  private static String until(String[] words, Duration patience) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    String answer = call(words, 2);
    while (!answer.equals(words[1]) && System.nanoTime() < end) {
      Thread.sleep(BETWEEN_CALLS_MS);
      answer = call(words, 2);
    }
    return answer;
  }

  private static String call(String[] words, int from) throws Exception {
    String what = words[from + 2];
    List<String> approvals = words.length > from + 3 ? List.of(read(words[from + 3])) : List.of();
    String method = what.equals("delete") ? "DELETE" : "GET";
    String target =
        switch (what) {
          case "search" -> "/projects/ACME/issues";
          case "delete" -> "/issues/7";
          default -> "/admin";
        };
    AgentToken token = AgentToken.decode(read(words[from] + ".token"));
    String proof =
        token
            .prove(
                PrivateKey.load(Path.of(words[from + 1] + ".key")),
                SentHttp.of(method, "https://jira.example.com", target),
                Company.AUDIENCE,
                SentApprovals.of(approvals),
                Clock.systemUTC())
            .encodeBase64();
    String approval =
        approvals.isEmpty() ? "" : ", \"taper-approval\": \"" + approvals.get(0) + "\"";
    return asked(
        """
        {"http": {"method": "%s", "scheme": "https", "target": "%s", "fields": {
          "host": "jira.example.com", "authorization": "Taper %s", "taper-proof": "%s"%s}}}
        """
            .formatted(method, target, token.encodeBase64(), proof, approval));
  }

  private static String asked(String question) throws Exception {
    HttpResponse<String> answer;
    try {
      answer =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create("http://" + read("address") + "/v1/decide"))
                  .header("Content-Type", "application/json")
                  .timeout(Duration.ofMinutes(1))
                  .POST(HttpRequest.BodyPublishers.ofString(question))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return "silence";
    }
    if (answer.statusCode() == 200 && answer.body().startsWith("{\"allowed\":true")) {
      return "allowed";
    }
    Matcher code = CODE.matcher(answer.body());
    return code.find() ? code.group(1) : "status-" + answer.statusCode();
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file)).strip();
  }
}
