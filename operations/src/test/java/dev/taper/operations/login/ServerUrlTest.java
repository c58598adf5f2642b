package dev.taper.operations.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {
  private static final List<String> OF_THIS_MACHINE =
      List.of("http://127.0.0.1:2375/x", "http://localhost/x", "http://[::1]:80/x");

  @Test
  void issuer_inItsOneSpelling_isTaken() {
    for (String url : List.of("https://issuer.example.com", "http://127.0.0.1:8480")) {
      assertThat(ServerUrl.issuer(url)).hasToString(url);
      assertThat(ServerUrl.issuer(url + "/")).hasToString(url);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://issuer.example.com//",
        "https://issuer.example.com/acme",
        "https://Issuer.example.com",
        "https://issuer.example.com:443",
        "https://issuer.example.com?x",
        "http://issuer.example.com",
        "issuer.example.com"
      })
  void issuer_calledOtherwise_isUsage(String url) {
    assertThatThrownBy(() -> ServerUrl.issuer(url))
        .isInstanceOf(OperationException.class)
        .hasMessageStartingWith("an issuer is called ")
        .hasMessageEndingWith("not " + url)
        .extracting("code")
        .isEqualTo("usage");
  }

  @Test
  void stated_atThisMachineByAServerElsewhere_isNone() {
    URI elsewhere = URI.create("https://login.example.com");
    assertThat(ServerUrl.stated("https://login.example.com/token", elsewhere)).isNotNull();
    for (String url : OF_THIS_MACHINE) {
      assertThat(ServerUrl.stated(url, elsewhere)).as(url).isNull();
    }
  }

  @Test
  void stated_atThisMachineByAServerThere_isThat() {
    for (String url : OF_THIS_MACHINE) {
      assertThat(ServerUrl.stated(url, URI.create("http://127.0.0.1:8480"))).hasToString(url);
    }
    assertThat(ServerUrl.stated("http://example.com", URI.create("http://127.0.0.1"))).isNull();
    assertThat(ServerUrl.stated(null, URI.create("http://127.0.0.1"))).isNull();
  }
}
