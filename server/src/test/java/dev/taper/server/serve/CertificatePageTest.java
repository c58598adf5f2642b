package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.Launcher;
import dev.taper.testing.FreePort;
import dev.taper.testing.Needed;
import dev.taper.testing.Page;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of docs/serve.md that renew a certificate, while one process serves with it. */
class CertificatePageTest {
  @Test
  void certificate_renewedByACommand_isServedByTheSameProcess(@TempDir Path folder)
      throws Exception {
    Needed.programs("curl", "openssl");
    Launcher.in(folder);
    ServeWorld world = new ServeWorld();
    Files.writeString(folder.resolve("root.pub"), world.root.publicKey().toString());
    String script =
        "set -e\ntrap 'kill $(jobs -p)' EXIT\n"
            + Page.with(
                Page.text(Page.of("serve.md"), "sh-certificate"),
                "127.0.0.1:8580",
                "127.0.0.1:" + FreePort.next(),
                "127.0.0.1:8590",
                "127.0.0.1:" + FreePort.next())
            + "echo; jobs -r | wc -l\n";
    Process bash =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();

    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String key = world.root.publicKey().toString();
    // The process may say that it is ready between two lines of the script.
    assertThat(out.replaceFirst("taper serve: ready.*\n", ""))
        .as(Files.readString(folder.resolve("err")))
        .containsPattern(
            "(?s)(^|\n)%1$sready\nwarning: a certificate of the listener at \\S+ ends at \\S+\n%1$sready\n\n1\n$"
                .formatted(key));
    assertThat(bash.exitValue()).isZero();
  }
}
