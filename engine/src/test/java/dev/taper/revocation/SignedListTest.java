package dev.taper.revocation;

import static dev.taper.revocation.Lists.join;
import static dev.taper.revocation.Lists.task;
import static dev.taper.revocation.RevocationListTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.crypto.Signer;
import dev.taper.revocation.Lists.Field;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.testing.Refused;
import dev.taper.token.EcdsaTwin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The format: what is written reads back, and nothing else does. */
class SignedListTest {
  private static final int ENTRIES_LENGTH = 2 * RevocationIssuer.ENTRY_BYTES;

  private final Lists lists = new Lists();
  private final byte[] snapshot = lists.snapshot(1, task("T-1"), task("T-2", Lists.NOON));
  private final RevocationList list = lists.list().build();

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void read_whatWasMade_isTheSame(Algorithm algorithm) throws IOException {
    Lists issuing = new Lists(algorithm);
    List<RevocationEntry> entries =
        List.of(
            task("T-1", Lists.NOON.plusSeconds(5)),
            RevocationEntry.forever(
                RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(issuing.key.publicKey())),
            RevocationEntry.forever(RevocationEntry.Kind.BLOCK, Fingerprint.ofBlock(new byte[64])),
            RevocationEntry.forever(
                RevocationEntry.Kind.DELEGATOR, Fingerprint.ofDelegator("user:bob")),
            RevocationEntry.forever(
                RevocationEntry.Kind.ROOT, Fingerprint.ofRoot(issuing.key.publicKey())));
    RevocationReader reader =
        reader(
            join(
                issuing.issuer.snapshot(7, entries, issuing.validity()),
                issuing.delta(5, 9, task("T-2"))),
            issuing.key);

    RevocationHeader first = Objects.requireNonNull(reader.next());
    assertThat(first.delta()).isFalse();
    assertThat(first.sequence()).isEqualTo(7);
    assertThat(first.issuer()).isEqualTo(issuing.key.publicKey());
    assertThat(first.issued()).isEqualTo(Lists.NOON);
    assertThat(first.nextUpdate()).isEqualTo(Lists.NOON.plus(Lists.DUE));
    assertThat(first.maxAge()).isEqualTo(Lists.OLDEST);
    assertThat(first.count()).isEqualTo(5);
    assertThat(reader.entries()).containsExactlyInAnyOrderElementsOf(entries);
    RevocationHeader second = Objects.requireNonNull(reader.next());
    assertThat(second.delta()).isTrue();
    assertThat(second.base()).isEqualTo(5);
    assertThat(second.sequence()).isEqualTo(9);
    assertThat(reader.next()).isNull();
  }

  @Test
  void snapshot_knownValues_hasTheDocumentedBytes() {
    PrivateKey key = PrivateKey.of(Algorithm.ED25519, new byte[32]);
    byte[] bytes =
        RevocationIssuer.of(key)
            .snapshot(
                2,
                List.of(task("T-4711", Instant.ofEpochSecond(0x6a5b4c3dL))),
                new Validity(
                    Instant.ofEpochMilli(0x0102030405L),
                    Instant.ofEpochMilli(0x0102030406L),
                    Duration.ofSeconds(60)));

    assertThat(HexFormat.of().formatHex(bytes, 0, 21 + 32))
        .isEqualTo(
            "005441504552005245564f434154494f4e00" // the tag
                + "020000" // version 2, snapshot, Ed25519
                + HexFormat.of().formatHex(key.publicKey().bytes()));
    assertThat(HexFormat.of().formatHex(bytes, 53, 53 + 44))
        .isEqualTo(
            "0000000000000000"
                + "0000000000000002"
                + "0000000102030405"
                + "0000000102030406"
                + "0000003c"
                + "00000001"
                + "00000000");
    byte[] entry = Arrays.copyOfRange(bytes, bytes.length - 21, bytes.length);
    assertThat(Arrays.copyOfRange(bytes, 97, 129)).isEqualTo(Digests.sha256().digest(entry));
    assertThat(bytes[129]).isEqualTo((byte) 64);
    assertThat(
            key.publicKey().verify(Arrays.copyOf(bytes, 129), Arrays.copyOfRange(bytes, 130, 194)))
        .isTrue();
    assertThat(HexFormat.of().formatHex(entry, 0, 16))
        .isEqualTo(Fingerprint.ofTask("T-4711").toString());
    assertThat(HexFormat.of().formatHex(entry, 16, 21)).isEqualTo("02" + "6a5b4c3d");
    assertThat(bytes).hasSize(194 + 21);
  }

  @Test
  void apply_anyByteChanged_isRefused() {
    for (int i = 0; i < snapshot.length; i++) {
      byte[] forged = snapshot.clone();
      forged[i] ^= 1;

      assertThat(codeOf(forged))
          .as("byte %d", i)
          .isIn(
              ErrorCode.MALFORMED_REVOCATIONS,
              ErrorCode.UNKNOWN_REVOCATION_KEY,
              ErrorCode.INVALID_SIGNATURE);
    }
    assertThat(list.latest()).isNull();
  }

  @Test
  void apply_anyLengthCut_isRefused() {
    for (int length = 0; length < snapshot.length; length++) {
      assertThat(codeOf(Arrays.copyOf(snapshot, length)))
          .as("%d bytes", length)
          .isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    }
  }

  @Test
  void apply_bytesBehindIt_isRefused() {
    assertThat(codeOf(join(snapshot, new byte[1]))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(join(snapshot, new byte[] {'x'}))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void apply_signedByAnother_isRefused(Algorithm algorithm) {
    byte[] foreign = new Lists(algorithm).snapshot(1);

    assertThat(codeOf(foreign)).isEqualTo(ErrorCode.UNKNOWN_REVOCATION_KEY);
  }

  @Test
  void apply_signatureOfAnotherUnderTheTrustedName_isRefused() {
    byte[] forged = snapshot.clone();
    byte[] header = Arrays.copyOf(forged, Lists.headerBytes());
    byte[] signature = new Lists().key.sign(header);
    System.arraycopy(signature, 0, forged, header.length + 1, signature.length);

    assertThat(codeOf(forged)).isEqualTo(ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void apply_otherEntriesOfTheSameNumber_isRefused() {
    byte[] forged = snapshot.clone();
    byte[] other = lists.snapshot(2, task("T-8"), task("T-9"));
    System.arraycopy(
        other,
        other.length - ENTRIES_LENGTH,
        forged,
        forged.length - ENTRIES_LENGTH,
        ENTRIES_LENGTH);

    assertThat(codeOf(forged)).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
  }

  @Test
  void apply_signedNonsense_isRefused() {
    assertThat(codeOf(number(Field.SEQUENCE, 0))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(number(Field.SEQUENCE, -1))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(number(Field.BASE, 1))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(number(Field.ISSUED, -1))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(number(Field.NEXT_UPDATE, 5))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(number(Field.NEXT_UPDATE, Long.MAX_VALUE)))
        .isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(maxAge(0))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(maxAge((int) Validity.LONGEST.toSeconds() + 1)))
        .isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(maxAge(-1))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(codeOf(signedByte(Lists.at(Field.BASE) - 35, 1)))
        .isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(list.latest()).isNull();
  }

  @Test
  void apply_signedEntriesOutOfOrder_isRefused() {
    byte[] body = Arrays.copyOfRange(snapshot, snapshot.length - ENTRIES_LENGTH, snapshot.length);
    byte[] turned =
        join(
            Arrays.copyOfRange(body, ENTRIES_LENGTH / 2, ENTRIES_LENGTH),
            Arrays.copyOf(body, ENTRIES_LENGTH / 2));
    byte[] twice =
        join(Arrays.copyOf(body, ENTRIES_LENGTH / 2), Arrays.copyOf(body, ENTRIES_LENGTH / 2));
    byte[] unknownKind = body.clone();
    unknownKind[Fingerprint.BYTES] = 8;

    for (byte[] bad : List.of(turned, twice, unknownKind)) {
      assertThat(codeOf(withBody(bad))).isEqualTo(ErrorCode.MALFORMED_REVOCATIONS);
      refused(
          () -> SignedLists.read(withBody(bad), List.of(lists.key.publicKey())),
          ErrorCode.MALFORMED_REVOCATIONS);
    }
    unknownKind[Fingerprint.BYTES] = (byte) 200;
    assertThatThrownBy(() -> list.apply(withBody(unknownKind)))
        .hasMessageEndingWith("unknown kind 200");
    assertThat(list.apply(withBody(body))).isTrue();
  }

  @Test
  void apply_moreEntriesThanTheLimit_isRefusedBeforeAnyIsRead() {
    RevocationList small = lists.list().maxEntries(1).build();

    refused(() -> small.apply(snapshot), ErrorCode.DECODE_LIMIT);
    int body = snapshot.length - ENTRIES_LENGTH;
    refused(() -> small.apply(Arrays.copyOf(snapshot, body)), ErrorCode.DECODE_LIMIT);
    assertThat(codeOf(lists.resigned(snapshot, h -> h.putInt(countAt(), Integer.MIN_VALUE))))
        .isEqualTo(ErrorCode.DECODE_LIMIT);
  }

  @Test
  void apply_listAtEveryLimit_isTaken() {
    RevocationList small = lists.list().maxEntries(3).build();
    assertThat(
            small.apply(
                lists.issuer.snapshot(
                    1,
                    List.of(task("T-1"), task("T-2")),
                    Lists.lifted(task("T-3")),
                    lists.validity())))
        .isTrue();
    refused(
        () ->
            small.apply(
                lists.issuer.snapshot(
                    2,
                    List.of(task("T-1"), task("T-2")),
                    Lists.lifted(task("T-3"), task("T-4")),
                    lists.validity())),
        ErrorCode.DECODE_LIMIT);
    assertThat(list.apply(number(Field.SEQUENCE, Long.MAX_VALUE))).isTrue();
    for (Duration maxAge : List.of(Duration.ofSeconds(1), Validity.LONGEST)) {
      Validity extreme = Validity.from(lists.clock, Duration.ofMillis(1), maxAge);
      assertThat(lists.list().build().apply(lists.issuer.snapshot(1, List.of(), extreme))).isTrue();
    }
  }

  /**
   * Other signers make ECDSA signatures of up to 72 bytes; every second one here has such a twin.
   */
  @Test
  void apply_longestSignature_isTakenAndNoLongerOne() {
    Lists p256 = new Lists(Algorithm.SECP256R1);
    List<byte[]> twins = new ArrayList<>();
    for (int sequence = 1; sequence <= 64; sequence++) {
      twins.add(twin(p256.snapshot(sequence)));
    }
    int at = Lists.headerBytes(Algorithm.SECP256R1);
    byte[] longest = twins.stream().max(Comparator.comparingInt(one -> one[at])).orElseThrow();

    assertThat(longest[at]).isEqualTo((byte) Signatures.MAX_BYTES);
    assertThat(p256.list().build().apply(longest)).isTrue();
    byte[] longer = join(longest, new byte[1]);
    longer[at]++;
    refused(() -> p256.list().build().apply(longer), ErrorCode.MALFORMED_REVOCATIONS);
    assertThat(verbose(p256, Signatures.MAX_BYTES).snapshot(1, List.of(), p256.validity()))
        .isNotEmpty();
    refused(
        () -> verbose(p256, Signatures.MAX_BYTES + 1).snapshot(1, List.of(), p256.validity()),
        ErrorCode.SIGNING_FAILED);
  }

  /** An issuer whose signer makes signatures of so many bytes. */
  private static RevocationIssuer verbose(Lists of, int bytes) {
    return RevocationIssuer.of(
        new Signer() {
          @Override
          public PublicKey publicKey() {
            return of.key.publicKey();
          }

          @Override
          public byte[] sign(byte[] message) {
            return new byte[bytes];
          }
        });
  }

  @Test
  void read_p256SignatureInItsOtherForm_isTheSameList() {
    Lists p256 = new Lists(Algorithm.SECP256R1);
    byte[] one = p256.snapshot(1, task("T-1"));
    RevocationList own = p256.list().build();
    own.apply(one);
    byte[] other = twin(one);

    assertThat(other).isNotEqualTo(one);
    assertThat(own.apply(other)).isFalse();
  }

  /** The same list with the other signature that is valid for it. */
  private static byte[] twin(byte[] list) {
    int header = Lists.headerBytes(Algorithm.SECP256R1);
    int body = header + 1 + list[header];
    byte[] twin = EcdsaTwin.of(Arrays.copyOfRange(list, header + 1, body));
    return join(
        Arrays.copyOf(list, header),
        new byte[] {(byte) twin.length},
        twin,
        Arrays.copyOfRange(list, body, list.length));
  }

  @Test
  void snapshot_entriesInAnyOrder_areTheSameBytes() {
    List<RevocationEntry> entries = new ArrayList<>(Lists.random(1, 1000));
    byte[] one = lists.issuer.snapshot(1, entries, lists.validity());
    Collections.reverse(entries);

    assertThat(lists.issuer.snapshot(1, entries, lists.validity())).isEqualTo(one);
  }

  @Test
  void issuer_impossibleNumbersOrTimes_isRefused() {
    refused(() -> lists.snapshot(0), ErrorCode.INVALID_ARGUMENT);
    refused(() -> lists.delta(2, 2), ErrorCode.INVALID_ARGUMENT);
    refused(() -> lists.delta(-1, 2), ErrorCode.INVALID_ARGUMENT);
    assertThatThrownBy(() -> lists.snapshot(0)).hasMessageEndingWith("start at 1, not 0");
    assertThatThrownBy(() -> lists.delta(2, 2)).hasMessageEndingWith("greater one, not 2 to 2");
    Duration hour = Duration.ofHours(1);
    refused(() -> Validity.from(lists.clock, Duration.ZERO, hour), ErrorCode.INVALID_ARGUMENT);
    refused(
        () -> Validity.from(lists.clock, hour, Duration.ofMillis(999)), ErrorCode.INVALID_ARGUMENT);
    refused(
        () -> Validity.from(lists.clock, hour, Validity.LONGEST.plusSeconds(1)),
        ErrorCode.INVALID_ARGUMENT);
  }

  private byte[] number(Field field, long value) {
    return lists.resigned(snapshot, header -> header.putLong(Lists.at(field), value));
  }

  private byte[] maxAge(int seconds) {
    return lists.resigned(snapshot, header -> header.putInt(countAt() - Integer.BYTES, seconds));
  }

  private byte[] signedByte(int at, int value) {
    return lists.resigned(snapshot, header -> header.put(at, (byte) value));
  }

  private static int countAt() {
    return Lists.headerBytes() - RevocationHeader.DIGEST_BYTES - 2 * Integer.BYTES;
  }

  /** The snapshot with other entries, properly signed. */
  private byte[] withBody(byte[] body) {
    byte[] signed =
        lists.resigned(
            snapshot,
            header -> header.put(countAt() + 2 * Integer.BYTES, Digests.sha256().digest(body)));
    return join(Arrays.copyOf(signed, signed.length - ENTRIES_LENGTH), body);
  }

  private ErrorCode codeOf(byte[] bytes) {
    try {
      list.apply(bytes);
      throw new AssertionError("was taken");
    } catch (TaperException e) {
      return e.code();
    }
  }

  private static RevocationReader reader(byte[] bytes, PrivateKey key) {
    return RevocationReader.of(new ByteArrayInputStream(bytes), List.of(key.publicKey()));
  }

  /** A digest that fits is not enough. */
  @Test
  void entries_signedOutOfOrder_areRefused() throws IOException {
    for (long[] order : new long[][] {{2, 1}, {1, 1}, {0, 0}}) {
      RevocationIssuer.Body body =
          new RevocationIssuer.Body() {
            @Override
            public int count() {
              return order.length;
            }

            @Override
            public Collection<LiftedEntry> lifted() {
              return List.of();
            }

            @Override
            public void writeEntries(RevocationIssuer.EntrySink out) throws IOException {
              for (long high : order) {
                out.write(RevocationEntry.Kind.TASK, high, 0, -1);
              }
            }
          };
      ByteArrayOutputStream list = new ByteArrayOutputStream();
      lists.issuer.sign(false, 0, 1, lists.validity(), body).writeTo(list);
      RevocationReader reader =
          RevocationReader.of(
              new ByteArrayInputStream(list.toByteArray()), List.of(lists.key.publicKey()));
      assertThat(reader.next()).isNotNull();

      Refused.with(ErrorCode.MALFORMED_REVOCATIONS, reader::entries);
    }
  }

  /** The first fingerprint of all is one, too. */
  @Test
  void entries_lowestFingerprint_isRead() throws IOException {
    RevocationEntry lowest =
        RevocationEntry.forever(RevocationEntry.Kind.TASK, new Fingerprint(0, 0));
    RevocationReader reader =
        RevocationReader.of(
            new ByteArrayInputStream(lists.snapshot(1, lowest)), List.of(lists.key.publicKey()));
    assertThat(reader.next()).isNotNull();
    assertThat(reader.entries()).containsExactly(lowest);
  }
}
