package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All that signers are for, with keys in memory; and that it is all. */
class SignerUsesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void all_keyInMemory_verifies(Algorithm algorithm) {
    SignerUses.all(PrivateKey.generate(algorithm), folder);
  }

  /** Whatever takes a signer from now on belongs among the uses, too. */
  @Test
  void all_typesThatTakeASigner_areAmongThem() throws IOException {
    Set<String> found = new TreeSet<>();
    String type = "";
    for (String line : Files.readAllLines(Path.of("api.txt"))) {
      String[] words = line.strip().split("[ (]", -1);
      for (int i = 0; i + 1 < words.length; i++) {
        if (Set.of("class", "interface", "record").contains(words[i])) {
          type = words[i + 1].substring(words[i + 1].lastIndexOf('.') + 1);
        }
      }
      if (line.contains("(") && line.substring(line.indexOf('(')).contains("crypto.Signer")) {
        found.add(type);
      }
    }

    assertThat(found)
        .containsExactly(
            "AgentClient",
            "AgentToken",
            "ApprovalRequest",
            "ApprovalStatement", // by ApprovalRequest
            "AuditLog",
            "ExchangeProof",
            "HeldToken",
            "Issuer",
            "NamesFile",
            "Proof", // by AgentToken
            "Request", // of a block of a third party
            "RevocationIssuer",
            "Signatures", // by ApprovalStatement and Proof
            "Token",
            "UnverifiedToken");
  }
}
