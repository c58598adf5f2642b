package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.200, 192.0.2.0/24",
    "255.1.0.9, 255.1.0.0/24",
    "2001:db8:aa:1::2, 2001:db8:aa::/48",
    "::1, 0:0:0::/48",
  })
  void network_leavesOutWhatChanges(String address, String network) throws Exception {
    assertThat(CallerAddress.network(InetAddress.getByName(address))).isEqualTo(network);
  }

  @Test
  void during_ends() throws Exception {
    InetAddress outer = InetAddress.getByName("192.0.2.1");
    String inside =
        CallerAddress.during(
            outer,
            () -> {
              assertThat(CallerAddress.<String>during(null, CallerAddress::current)).isNull();
              return CallerAddress.current();
            });

    assertThat(inside).isEqualTo("192.0.2.0/24");
    assertThat(CallerAddress.current()).isNull();
  }

  @Test
  void here_goesAlongToAnotherThread_andStaysInNone() throws Exception {
    List<Runnable> later = new ArrayList<>();
    Executor here =
        CallerAddress.during(
            InetAddress.getByName("192.0.2.1"), () -> CallerAddress.here(later::add));
    List<String> seen = new ArrayList<>();
    here.execute(() -> seen.add(String.valueOf(CallerAddress.current())));
    CallerAddress.here(later::add).execute(() -> seen.add(String.valueOf(CallerAddress.current())));
    later.forEach(Runnable::run);

    assertThat(seen).containsExactly("192.0.2.0/24", "null");
    assertThat(CallerAddress.current()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.77,192.0.2.0/24",
    "2001:db8:1::7,2001:db8:1::/48",
    "0:0:0:0:0:0:0:1,0:0:0::/48",
    "::ffff:192.0.2.77,192.0.2.0/24",
    "fe80::1%no-such.interface_1,fe80:0:0::/48",
    "fe80:0:0:0:1:2:3:4%eth0,fe80:0:0::/48"
  })
  void figures_ofAnAddress_areRead(String written, String network) {
    InetAddress address = Objects.requireNonNull(CallerAddress.figures(written));

    assertThat(CallerAddress.network(address)).isEqualTo(network);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "999.1.1.1",
        "1.2.3",
        "a",
        "face.example",
        "/run/x.sock",
        "::g",
        ":",
        "fe80::1%",
        "fe80::1%a b",
        "192.0.2.1%eth0"
      })
  void figures_ofAnythingElse_areNone(String written) {
    assertThat(CallerAddress.figures(written)).isNull();
    assertThat(CallerAddress.figures(null)).isNull();
  }
}
