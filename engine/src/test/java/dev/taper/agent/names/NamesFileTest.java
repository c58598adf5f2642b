package dev.taper.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.decision.Attack;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Story;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of names: who is who. */
class NamesFileTest {
  private static final String START = "{\"format\": \"taper/1 names\"";

  @TempDir Path folder;

  private final PrivateKey registrar = PrivateKey.generate(Algorithm.ED25519);
  private final PublicKey planner = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private final PublicKey next = PrivateKey.generate(Algorithm.SECP256R1).publicKey();
  private final PublicKey boss = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private final PublicKey root = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private final NamesFile names =
      NamesFile.builder()
          .number(7)
          .agent("agent:planner", planner)
          .agent("agent:planner", next)
          .approver("user:boss@acme.com", boss)
          .group("finance", "user:boss@acme.com")
          .issuer("issuer:acme", root)
          .build();

  private String neverMet(String needed) {
    NamesFile two =
        NamesFile.builder()
            .approver("user:boss@acme.com", boss, next)
            .group("finance", "user:boss@acme.com")
            .build();
    return String.valueOf(
        two.neverMet(Grant.parse("a if " + needed).activations().iterator().next()));
  }

  /** Each person counts once, with however many keys. */
  @Test
  void neverMet_morePeopleThanThereAre_saysSo() {
    assertThat(neverMet("approved by 2 of " + boss + ", " + next))
        .isEqualTo("2 have to approve, and the 2 keys are those of user:boss@acme.com");
    assertThat(neverMet("approved by 3 of " + boss + ", " + next + ", " + root))
        .startsWith("3 have to approve, and the 3 keys are those of")
        .contains("user:boss@acme.com", root.toString());
    assertThat(neverMet("approved by 2 of group \"finance\""))
        .isEqualTo("of the group finance 2 have to approve, and it has [user:boss@acme.com]");
  }

  @Test
  void neverMet_enoughPeopleOrNothingKnown_isNull() {
    assertThat(neverMet("approved by 1 of " + boss + ", " + next)).isEqualTo("null");
    assertThat(neverMet("approved by 2 of " + boss + ", " + root)).isEqualTo("null");
    assertThat(neverMet("approved by 2 of " + planner + ", " + root)).isEqualTo("null");
    assertThat(neverMet("approved by 1 of group \"finance\"")).isEqualTo("null");
    assertThat(neverMet("approved by 2 of group \"others\"")).isEqualTo("null");
    assertThat(neverMet("justified within 5m")).isEqualTo("null");
  }

  @Test
  void parse_written_hasEverything() {
    NamesFile read = NamesFile.parse(names.write());

    AgentDirectory directory = read.directory();
    assertThat(directory.knows("agent:planner", planner)).isTrue();
    assertThat(directory.knows("agent:planner", next)).isTrue();
    assertThat(directory.knows("agent:planner", boss)).isFalse();
    assertThat(directory.knows("user:boss@acme.com", boss)).as("approves, holds nothing").isFalse();
    assertThat(read.issuerNames().name(root)).isEqualTo("issuer:acme");
    assertThat(read.issuerNames().name(planner)).isNull();
    assertThat(read.approvers()).containsOnlyKeys("user:boss@acme.com");
    assertThat(read.groups()).containsEntry("finance", Set.of("user:boss@acme.com"));
    assertThat(read.name(next)).isEqualTo("agent:planner");
    assertThat(read.name(boss)).isEqualTo("user:boss@acme.com");
    assertThat(read.name(registrar.publicKey())).isNull();
    assertThat(read.number()).hasValue(7);
    assertThat(read.signer()).isNull();
    assertThat(read.isSigned()).isFalse();
    assertThat(read.write()).isEqualTo(names.write());
    assertThat(read).hasToString("NamesFile(1 agents, 1 approvers, 1 groups, 1 issuers)");
  }

  @Test
  void parseSigned_byATrustedKey_isTaken() {
    String signed = names.sign(registrar);

    NamesFile read = NamesFile.parseSigned(signed, boss, registrar.publicKey());

    assertThat(read.signer()).isEqualTo(registrar.publicKey());
    assertThat(read.write()).isEqualTo(names.write());
    assertThat(NamesFile.parse(signed).isSigned()).isTrue();
    assertThat(NamesFile.parse(signed).signer()).as("nobody looked").isNull();
  }

  /** The signature is over the canonical form: layout and order of members do not count. */
  @Test
  void parseSigned_laidOutAnew_isTaken() {
    String signed = names.sign(registrar);
    String spaced = signed.replace(":", " : ").replace("taper/1", "\\u0074aper/1");

    Refused.with(
        ErrorCode.INVALID_NAMES, () -> NamesFile.parseSigned(spaced, registrar.publicKey()));
    String outside = signed.replace("\": ", "\" :\n\t");
    assertThat(NamesFile.parseSigned(outside, registrar.publicKey()).number()).hasValue(7);
  }

  @Test
  void parseSigned_changedOrForeign_isRefused() {
    String signed = names.sign(registrar);

    Refused.with(
        ErrorCode.INVALID_NAMES,
        "is signed by " + registrar.publicKey() + ", which is not trusted",
        () -> NamesFile.parseSigned(signed, boss));
    Refused.with(
        ErrorCode.INVALID_NAMES,
        "was changed after it was signed",
        () ->
            NamesFile.parseSigned(
                signed.replace("\"number\": 7", "\"number\": 8"), registrar.publicKey()));
    Refused.with(
        ErrorCode.INVALID_NAMES,
        "was changed after it was signed",
        () -> NamesFile.parseSigned(signed.replace("finance", "finances"), registrar.publicKey()));
    Refused.with(
        ErrorCode.INVALID_NAMES,
        "is not signed",
        () -> NamesFile.parseSigned(names.write(), registrar.publicKey()));
    // Somebody's own signature under the trusted key's name.
    String forged =
        names
            .sign(PrivateKey.generate(Algorithm.ED25519))
            .replaceFirst(
                "\"signer\": \"[^\"]*\"", "\"signer\": \"" + registrar.publicKey() + "\"");
    Refused.with(
        ErrorCode.INVALID_NAMES,
        "was changed after",
        () -> NamesFile.parseSigned(forged, registrar.publicKey()));
  }

  /** Or whoever can write the file made agents to approvers. */
  @Test
  void parseSigned_sectionUnderAnotherName_isRefused() {
    String signed =
        NamesFile.builder().number(0).agent("agent:planner", planner).build().sign(registrar);
    assertThat(NamesFile.parseSigned(signed, registrar.publicKey()).number()).hasValue(0);

    Refused.with(
        ErrorCode.INVALID_NAMES,
        "was changed after it was signed",
        () ->
            NamesFile.parseSigned(
                signed.replace("\"agents\"", "\"approvers\""), registrar.publicKey()));
  }

  /** Whoever can write the file would decide whose approvals count. */
  @Test
  void approverNames_unsigned_areRefused() {
    NamesFile signed = NamesFile.parseSigned(names.sign(registrar), registrar.publicKey());

    Refused.with(
        ErrorCode.INVALID_NAMES,
        "approvers count only by a signed file",
        () -> NamesFile.parse(names.sign(registrar)).approverNames());
    Refused.with(
        ErrorCode.INVALID_NAMES,
        () -> new Story().verifier().names(NamesFile.parse(names.write())));
    for (ApproverNames known :
        List.of(signed.approverNames(), names.approverNamesWithoutSignature())) {
      assertThat(known.person(boss)).isEqualTo("user:boss@acme.com");
      assertThat(known.person(planner)).isNull();
      assertThat(known.groups("user:boss@acme.com")).containsExactly("finance");
      assertThat(known.members("finance")).containsExactly("user:boss@acme.com");
    }
  }

  @Test
  void verifier_names_knowsHolders() {
    Story story = new Story();
    AgentToken token = story.issuer.mint(story.delegation().verifiedHolderOnly());
    NamesFile known = NamesFile.builder().agent(story.planner.name(), story.planner.key()).build();

    Attack.assertDenied(
        story.decide(story.verifier().build(), token, story.plannerKey, Story.search()),
        DenialCode.HOLDER_NOT_VERIFIED);
    Attack.assertAllowed(
        story.decide(
            story.verifier().names(known).build(), token, story.plannerKey, Story.search()));
  }

  @Test
  void sign_withoutNumber_isRefused() {
    NamesFile unnumbered = NamesFile.builder().agent("agent:planner", planner).build();

    Refused.with(
        ErrorCode.INVALID_ARGUMENT, "an old one could come back", () -> unnumbered.sign(registrar));
    Refused.with(
        ErrorCode.INVALID_NAMES,
        "is signed and has no number",
        () -> NamesFile.parse(START + ", \"signer\": \"" + boss + "\", \"signature\": \"00\"}"));
  }

  @Test
  void notOlderThan_oldFile_isRefused() {
    NamesFile old = names.withNumber(6);

    assertThat(names.notOlderThan(old)).isSameAs(names);
    assertThat(names.notOlderThan(names)).isSameAs(names);
    Refused.with(
        ErrorCode.INVALID_NAMES, "number 6, not 7 or later", () -> old.notOlderThan(names));
    Refused.with(
        ErrorCode.INVALID_NAMES,
        "without a number",
        () -> NamesFile.builder().build().notOlderThan(names));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                                | is not an object",
        "{}                                                | is no file of names",
        "{\"format\": \"taper/2 names\"}                   | is no file of names",
        "START, \"agent\": {}}                             | the member agent, which it cannot have",
        "START, \"agents\": []}                            | agents: the JSON is not an object",
        "START, \"agents\": {\"a\": 1}}                    | agents.a: the value is not a string",
        "START, \"agents\": {\"a\": []}}                   | agents.a: a has no key",
        "START, \"agents\": {\"a\": [[]]}}                 | agents.a: an element is not a string",
        "START, \"agents\": {\"a\": \"ed25519/00\"}}       | agents.a: a key after ed25519/ has 64",
        "START, \"agents\": {\"a\": \"KEY\", \"a\": \"KEY\"}} | a repeated name at line 1",
        "START, \"agents\": {\"a\": [\"KEY\", \"KEY\"]}}   | stands there twice",
        "START, \"agents\": {\"a\": [\"KEY\", \"UPPER\"]}} | agents.a: a key is written in lower case",
        "START, \"number\": 1, \"signer\": \"UPPER\", \"signature\": \"00\"} | signer: a key is written",
        "START, \"number\": 1, \"signer\": \"KEY\", \"signature\": \"aB\"} | signature is not hexadecimal in",
        "START, \"agents\": {\" a\": \"KEY\"}}             | has a space at an end",
        "START, \"agents\": {\"a\": \"KEY\"}, \"issuers\": {\"b\": \"KEY\"}} | has two names: a and b",
        "START, \"groups\": {\"g\": [\"user:x\"]}}         | has user:x, who is not among the approvers",
        "START, \"number\": -1}                            | is not negative",
        "START, \"number\": 1.5}                           | number is not a whole number",
        "START, \"signer\": \"KEY\"}                       | only one of signer and signature",
        "START} {}                                         | something follows the JSON",
        "START                                             | has a syntax error",
      })
  void parse_whatIsNone_saysWhere(String json, String message) {
    String key = planner.toString();
    String digits = key.substring(key.indexOf('/') + 1);
    String text =
        json.replace("START", START)
            .replace("UPPER", key.replace(digits, digits.toUpperCase(Locale.ROOT)))
            .replace("KEY", key);

    Refused.with(ErrorCode.INVALID_NAMES, message, () -> NamesFile.parse(text));
  }

  @Test
  void load_file_isReadAndNamed() throws IOException {
    Path file = folder.resolve("names.json");
    Files.writeString(file, names.sign(registrar));

    assertThat(NamesFile.loadSigned(file, registrar.publicKey()).signer())
        .isEqualTo(registrar.publicKey());
    assertThat(AgentDirectory.load(file).knows("agent:planner", planner)).isTrue();
    Refused.with(
        ErrorCode.FILE_UNAVAILABLE,
        "there is no such file",
        () -> NamesFile.load(folder.resolve("none.json")));
    Files.write(file, new byte[] {(byte) 0xff});
    Refused.with(ErrorCode.INVALID_NAMES, "is not UTF-8", () -> NamesFile.load(file));
    String longest = names.write() + " ".repeat((1 << 25) - names.write().length());
    Files.writeString(file, longest);
    assertThat(NamesFile.load(file).number()).hasValue(7);
    Files.write(file, new byte[(1 << 25) + 1]);
    Refused.with(ErrorCode.INVALID_NAMES, "longer than 33554432", () -> NamesFile.load(file));
  }

  @Test
  void build_keyWithTwoNames_isRefused() {
    Refused.with(
        ErrorCode.INVALID_NAMES,
        "has two names: agent:planner and user:eve",
        () -> NamesFile.builder().agent("agent:planner", planner).approver("user:eve", planner));
    Refused.with(ErrorCode.INVALID_NAMES, "has no key", () -> NamesFile.builder().agent("a"));
    Refused.with(ErrorCode.INVALID_NAMES, "is not negative", () -> NamesFile.builder().number(-1));
  }

  /** One person may act in several roles with one key, under one name. */
  @Test
  void build_oneNameInTwoSections_isTaken() {
    NamesFile both =
        NamesFile.builder().agent("user:boss", boss).approver("user:boss", boss).build();

    assertThat(both.name(boss)).isEqualTo("user:boss");
  }

  /** A file is written as its keys were given, and a name may have many. */
  @Test
  void keys_ofOneName_keepTheirOrder() {
    PublicKey[] keys = new PublicKey[12];
    Arrays.setAll(keys, i -> PrivateKey.generate(Algorithm.ED25519).publicKey());

    NamesFile many = NamesFile.builder().agent("agent:planner", keys).build();
    assertThat(many.agents().get("agent:planner")).containsExactly(keys);
    assertThat(NamesFile.parse(many.write()).agents().get("agent:planner")).containsExactly(keys);
  }
}
