package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ListenOptionsTest {
  private static ListenOptions of(String... arguments) {
    ListenOptions options = new ListenOptions();
    new CommandLine(
            CommandLine.Model.CommandSpec.create()
                .addMixin("listen", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
        .parseArgs(arguments);
    return options;
  }

  @Test
  void address_none_isTheDefault() {
    assertThat(of().address("127.0.0.1:0").isLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8443", "[::1]:0", "localhost:1"})
  void address_loopback_needsNoTls(String address) {
    assertThat(of("--listen", address).address("127.0.0.1:0").isLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:8443", "[::]:8443", "192.0.2.7:80"})
  void address_openToOthersWithoutTls_isRefusedUnlessSpelledOut(String address) {
    assertThatThrownBy(() -> of("--listen", address).address("127.0.0.1:0"))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("--tls-certificate");
    assertThat(of("--listen", address, "--without-tls").address("127.0.0.1:0").isLoopback())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8443", "127.0.0.1", "127.0.0.1:65536", "::1:80", "a b:80"})
  void address_none_isUsage(String address) {
    assertThatThrownBy(() -> of("--listen", address).address("127.0.0.1:0"))
        .isInstanceOf(OperationException.class)
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("usage");
  }

  @Test
  void address_halfOfTls_isUsage() {
    assertThatThrownBy(() -> of("--tls-key", "key.pem").address("127.0.0.1:0"))
        .hasMessageContaining("go together");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--tls-client-ca=ca.pem",
        "--tls-certificate=c.pem --tls-key=k.pem --without-tls",
        "--tls-certificate=c.pem --tls-key=k.pem --listen=unix:/run/taper.sock"
      })
  void address_tlsThatMeansNothing_isUsage(String options) {
    assertThatThrownBy(() -> of(options.split(" ", -1)).address("127.0.0.1:0"))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("--tls-certificate")
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("usage");
  }

  @Test
  void address_socket_isThisMachinesAlone() {
    ListenAddress socket = of("--listen", "unix:/run/taper.sock").address("127.0.0.1:0");
    assertThat(socket.isUnix()).isTrue();
    assertThat(socket.isLoopback()).isTrue();
    assertThat(socket).hasToString("unix:/run/taper.sock");
    assertThat(ListenAddress.parse("[::1]:80")).hasToString("[0:0:0:0:0:0:0:1]:80");
    assertThat(of().tls()).isNull();
    assertThat(of("--tls-certificate=c.pem", "--tls-key=k.pem").tls()).isNotNull();
  }

  @Test
  void address_pathThatIsNone_isUsage() {
    for (String path : new String[] {"", "/run/" + "a".repeat(103), "/run/a\0b"}) {
      assertThatThrownBy(() -> ListenAddress.parse("unix:" + path))
          .isInstanceOf(OperationException.class)
          .extracting(e -> ((OperationException) e).code())
          .isEqualTo("usage");
    }
  }

  @Test
  void drain_none_isNotAtAll() {
    assertThat(of().drain()).isZero();
    assertThat(of("--drain", "10m").drain()).isEqualTo(Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "601s", "-1s", "1", "", "9999999999999999999d"})
  void drain_noSuchTime_isUsage(String time) {
    assertThatThrownBy(() -> of("--drain", time).drain())
        .isInstanceOf(OperationException.class)
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("usage");
  }
}
