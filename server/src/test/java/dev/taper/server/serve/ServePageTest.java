package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.Agent;
import dev.taper.agent.Delegation;
import dev.taper.agent.Issuer;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/serve.md that start a server, run as they stand there. */
class ServePageTest {
  private static final Path PAGE = Path.of("..", "docs", "serve.md");

  /** The keys, token and proof that the page's other commands make with the command line. */
  private static void make(Path folder, String page) throws Exception {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("revoker.key"));
    Files.writeString(folder.resolve("root.pub"), root.publicKey().toString());
    var token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711")
                    .grant("jira.search read on jira:project/ACME")
                    .expiresIn(Duration.ofHours(1)));
    SentHttp sent = SentHttp.of("GET", "http://127.0.0.1:8080", "/projects/ACME/issues");
    Files.writeString(folder.resolve("planner.token"), token.encodeBase64());
    Files.writeString(
        folder.resolve("proof.txt"),
        token
            .prove(planner, sent, "svc:jira", SentApprovals.NONE, Clock.systemUTC())
            .encodeBase64());
    Matcher catalog = Pattern.compile("echo '(\\{.*})' > catalog[.]json").matcher(page);
    assertThat(catalog.find()).isTrue();
    Files.writeString(folder.resolve("catalog.json"), catalog.group(1));
  }

  private static List<String> commands(String page) {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : page.lines().toList()) {
      if (line.startsWith("```")) {
        inside = line.equals("```sh-server");
      } else if (inside) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** {@code ./taper}, which says when it is ready, so that the next command can follow. */
  private static void launcher(Path folder) throws Exception {
    Path taper = folder.resolve("taper");
    Files.writeString(
        taper,
        "#!/bin/sh\nexec \"%s\" -Xmx128m -XX:+UseSerialGC -cp '%s' dev.taper.server.Main \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(taper, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void commands_ofThePage_work(@TempDir Path folder) throws Exception {
    String page = Files.readString(PAGE);
    make(folder, page);
    launcher(folder);
    StringBuilder script = new StringBuilder("set -e\ntrap 'kill $(jobs -p)' EXIT\n");
    for (String line : commands(page)) {
      String own = line;
      if (line.startsWith("./taper serve") && line.endsWith(" &")) {
        // A reader waits a moment before the next line; here the ready line is waited for.
        own =
            line.substring(0, line.length() - 2)
                + " > ready & until grep -qs ready ready; do kill -0 $! && sleep 0.05; done; rm ready";
      }
      script.append(own).append("\necho\n");
    }
    String text = script.toString();
    Matcher ports = Pattern.compile("127[.]0[.]0[.]1:(8280|8290|8380)").matcher(text);
    StringBuilder free = new StringBuilder();
    Map<String, Integer> chosen = new TreeMap<>();
    while (ports.find()) {
      if (!chosen.containsKey(ports.group(1))) {
        chosen.put(ports.group(1), ServeWorld.freePort());
      }
      ports.appendReplacement(free, "127.0.0.1:" + chosen.get(ports.group(1)));
    }
    ports.appendTail(free);
    assertThat(chosen).hasSize(3);
    Process bash =
        new ProcessBuilder("bash", "-c", free.toString())
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(out)
        .as(Files.readString(folder.resolve("err")))
        .contains("{\"allowed\":true,\"decision\":{")
        .contains("ETag: \"")
        .contains("ed25519/");
    assertThat(Files.size(folder.resolve("list.bin"))).isPositive();
  }
}
